## The mail with which a vendor sends a key

mail-subject = Votre clé d’enregistrement pour GLPI
mail-hello = Bonjour,
mail-what = voici la clé d’enregistrement de { $customer } pour « { $offer } ». Le dernier jour de l’abonnement est le { $ends }.
mail-where = Dans votre GLPI, ouvrez Configuration > Générale > GLPI Network, collez la clé sur une seule ligne dans « Clé d’enregistrement », puis sauvegardez.
mail-service = Si votre GLPI n’interroge pas encore notre service, ajoutez d’abord cette ligne à son fichier config/local_define.php :
mail-check = L’état de la clé se consulte à tout moment ici : { $address }
mail-keep = La clé reste la même quand l’abonnement est renouvelé. Quiconque la possède peut s’en servir : merci de ne pas la transmettre.
mail-bye = Cordialement

## The page where anybody who has a key sees how it stands

check-title = Où en est ma clé d’enregistrement ?
check-intro = Collez la clé telle que votre fournisseur l’a envoyée. Elle est examinée, on vous répond, et elle n’est pas conservée.
check-field = Clé d’enregistrement
check-do = Vérifier la clé
check-open = La clé est en ordre
check-closed = La clé est authentique, mais son abonnement n’est pas en cours
check-refused = La clé ne compte pas
check-last-day = Dernier jour de l’abonnement
check-grace = Tout fonctionne jusqu’à cette date incluse
check-offer = Abonnement
check-answer = Ce qu’il en est
check-next = Prochaine étape
check-nothing = Il n’y a rien à faire.
check-wait = Trop de textes qui ne sont pas des clés sont venus de votre adresse. Réessayez dans { $seconds } secondes.
page-language = Langue

## Le formulaire d’une invitation, et la suite

join-title = Créer votre compte
join-intro = Vous êtes invité à { $name }. Remplissez le formulaire, et votre compte sera créé.
invite-sheet = Vous êtes invité à { $name }. Scannez ce code avec votre téléphone, ou saisissez l’adresse ci-dessous dans un navigateur, et remplissez le formulaire.
join-firstname = Prénom
join-realname = Nom de famille
join-email = Adresse électronique
join-login = Identifiant
join-password = Mot de passe
join-password2 = Mot de passe, encore une fois
join-login-hint = C’est avec lui que vous vous connecterez. Laissé vide, il est formé de votre nom.
join-email-hint = Une adresse de { $domains }.
join-password-hint = Au moins { $least } caractères. Quelques mots sans rapport entre eux se retiennent facilement et se devinent mal.
join-digit = Il doit contenir un chiffre.
join-lower = Il doit contenir une minuscule.
join-upper = Il doit contenir une majuscule.
join-symbol = Il doit contenir un caractère qui n’est ni lettre ni chiffre.
join-do = Créer le compte
join-faults = Tout n’est pas encore correct. Ce que vous avez saisi est gardé, sauf les mots de passe.
join-empty = Ce champ ne peut pas être vide.
join-too-long = Il y a plus de { $most } caractères.
join-character = « { $character } » ne peut pas figurer ici.
join-unseen = Il contient un caractère invisible.
join-no-email = Ce n’est pas une adresse électronique comme nom@example.org.
join-other-domain = Seules les adresses de { $domains } sont invitées.
join-imitates = Cet identifiant ressemble à un autre : espaces aux extrémités, lettres de plusieurs écritures ou caractères invisibles.
join-reserved = Cet identifiant est réservé. Choisissez-en un autre.
join-taken = Quelqu’un d’autre a cet identifiant. Choisissez-en un autre.
join-too-short = Le mot de passe doit avoir au moins { $least } caractères.
join-no-digit = Il n’y a pas de chiffre.
join-no-lower = Il n’y a pas de minuscule.
join-no-upper = Il n’y a pas de majuscule.
join-no-symbol = Il n’y a que des lettres et des chiffres.
join-differs = Les deux mots de passe ne sont pas les mêmes.
join-known = Ce mot de passe figure sur des listes divulguées : c’est lui qu’on essaie d’abord.
join-weak = Ce mot de passe se devine trop vite. Allongez-le, sans votre nom ni suites de touches.
join-complete-title = Votre compte est prêt
join-complete = Vous pouvez vous connecter avec l’identifiant { $login }.
join-sign-in = Se connecter
join-directory = Votre inscription est gardée sous l’identifiant { $login }. La personne qui vous a invité s’occupe de la suite.
join-waiting-title = Votre inscription est gardée
join-waiting = Le service qui crée le compte ne répond pas en ce moment. Vous n’avez rien à saisir de nouveau : le compte { $login } sera créé dès qu’il répondra. Gardez cette page et revenez plus tard.
join-incomplete = Votre compte { $login } existe, mais tout n’y est pas comme prévu. La personne qui vous a invité le voit aussi.
join-taken-title = L’identifiant est déjà pris
join-taken-page = Quelqu’un d’autre avait l’identifiant { $login }. Rouvrez votre invitation et choisissez-en un autre.
join-password-title = Choisissez de nouveau votre mot de passe
join-password-page = Le service est resté si longtemps sans répondre que votre mot de passe n’est plus gardé. Choisissez-en un, et le compte { $login } sera créé.
join-password-do = Garder ce mot de passe
join-again = Regarder de nouveau
join-closed-title = Ce lien n’ouvre rien
join-closed = Il n’y a pas d’invitation derrière, ou vous avez attendu trop longtemps : un formulaire se remplit en deux heures.
join-closed-next = Rouvrez le lien de votre invitation tel qu’il a été envoyé. Si cela n’aide pas, demandez à la personne qui l’a envoyé.
join-wait-title = Patientez un peu
join-wait = Trop d’envois sont venus de votre adresse ou pour cette invitation. Réessayez dans { $seconds } secondes.
join-foreign = Le formulaire ne venait pas de cette page. Rouvrez le lien de votre invitation.
join-required = Tous les champs sauf l’identifiant sont à remplir.
