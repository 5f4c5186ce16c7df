## Des textes qui ne sont pas une de nos clés, entière et authentique

key-missing =
    .title = Aucune clé
    .cause = Aucune clé d’enregistrement n’a été envoyée.
    .next = Copiez la clé entière que votre fournisseur vous a envoyée et collez-la dans l’onglet « GLPI Network » de GLPI.

key-too-long =
    .title = Texte trop long pour une clé
    .cause = Le texte compte { $length } caractères, bien plus que toute clé d’enregistrement.
    .next = Copiez uniquement la clé, sur une seule ligne, et collez-la de nouveau.

key-whitespace =
    .title = Blanc à l’intérieur de la clé
    .cause = { $kind ->
        [line-break] La clé contient un saut de ligne après le caractère nº { $after }.
        [space] La clé contient une espace après le caractère nº { $after }.
        [tab] La clé contient une tabulation après le caractère nº { $after }.
       *[other] La clé contient un blanc après le caractère nº { $after }.
    }
    .next = { $whole ->
        [yes] Supprimez de la clé tous les blancs et sauts de ligne : sans eux, elle est complète.
       *[no] Copiez de nouveau la clé entière, sur une seule ligne, telle que votre fournisseur l’a envoyée ; supprimer les blancs ne suffit pas ici.
    }

key-alphabet =
    .title = Caractère erroné dans la clé
    .cause = { $shown ->
        [yes] Le caractère nº { $at } de la clé est « { $character } », qui ne peut pas se trouver à cet endroit.
       *[no] Le caractère nº { $at } de la clé n’apparaît dans aucune clé.
    }
    .next = Copiez de nouveau la clé entière, sans guillemets ni autre texte autour, et recollez-la.

key-truncated =
    .title = Clé tronquée
    .cause = La fin de la clé manque : elle a été coupée après le caractère nº { $after }.
    .next = Copiez de nouveau la clé jusqu’à son dernier caractère et recollez-la.

key-beginning-missing =
    .title = Début de la clé manquant
    .cause = Le début de la clé manque.
    .next = Copiez de nouveau la clé à partir de son tout premier caractère et recollez-la.

key-trailing =
    .title = Texte après la clé
    .cause = La clé est complète après le caractère nº { $after }, mais elle est suivie d’autre texte.
    .next = Supprimez tout ce qui suit le caractère nº { $after } ; la clé ne doit pas non plus être collée deux fois.

key-altered =
    .title = Clé altérée
    .cause = { $part ->
        [encoding] La clé a été altérée : son encodage n’est plus celui d’origine.
        [layout] La clé a été altérée : sa structure n’est plus celle d’origine.
        [version] La clé a été altérée : sa version de format n’est plus celle d’origine.
        [signing-key] La clé a été altérée : l’identifiant de sa clé de signature n’est plus celui d’origine.
        [key-id] La clé a été altérée : son identifiant n’est plus celui d’origine.
        [issue-date] La clé a été altérée : sa date d’émission n’est plus celle d’origine.
       *[signature] La clé a été altérée : sa signature n’est plus celle d’origine.
    }
    .next = Copiez de nouveau la clé telle que votre fournisseur l’a envoyée, ou demandez-lui de vous la renvoyer.

key-format-unknown =
    .title = Format de clé inconnu
    .cause = La clé est au format { $version }, que ce service ne connaît pas encore.
    .next = Prévenez votre fournisseur : l’exploitant du service doit le mettre à jour.

key-foreign =
    .title = Clé d’un autre fournisseur
    .cause = { $origin ->
        [publisher] La clé provient d’un autre fournisseur ({ $publisher }) que celui dont le service répond ici.
       *[format] C’est une clé d’enregistrement, mais elle n’a pas été émise par le fournisseur dont le service répond ici.
    }
    .next = Saisissez la clé du fournisseur dont ce GLPI interroge le service, ou faites vérifier l’adresse du service dans la configuration de GLPI.

key-not-a-key =
    .title = Pas une clé d’enregistrement
    .cause = Le texte n’est pas une clé d’enregistrement.
    .next = Copiez la clé entière que votre fournisseur vous a envoyée et collez-la dans l’onglet « GLPI Network » de GLPI.

key-signer-unknown =
    .title = Clé de signature inconnue
    .cause = La clé a été signée avec { $signer }, une clé de signature que ce service ne connaît pas.
    .next = Prévenez votre fournisseur : l’exploitant du service doit lui faire connaître cette clé de signature, ou vous émettre une nouvelle clé.

key-forged =
    .title = Signature erronée
    .cause = La signature de la clé n’est pas authentique : la clé a été modifiée ou falsifiée.
    .next = Copiez de nouveau la clé telle que votre fournisseur l’a envoyée ; si le message persiste, demandez-lui une nouvelle clé.

## Des clés qui étaient les nôtres et ne comptent plus

key-revoked =
    .title = Clé révoquée
    .cause = Cette clé a été révoquée le { $date }.
    .next = Demandez une nouvelle clé à votre fournisseur et saisissez-la dans l’onglet « GLPI Network » de GLPI.

key-superseded =
    .title = Clé remplacée
    .cause = Cette clé a été remplacée par une autre, émise le { $issued }, et a cessé de fonctionner le { $date }.
    .next = { $new ->
        [withdrawn] La nouvelle clé a été retirée depuis ; demandez-en une autre à votre fournisseur.
       *[counts] Saisissez la nouvelle clé dans l’onglet « GLPI Network » de GLPI ; si vous ne l’avez pas, demandez la clé { $key } à votre fournisseur.
    }

key-overlap =
    .title = { $new ->
        [withdrawn] Clé remplacée
       *[counts] Une nouvelle clé vous attend
    }
    .cause = Cette clé a été remplacée par une autre, émise le { $issued }, et ne fonctionne plus que jusqu’au { $until }.
    .next = { $new ->
        [withdrawn] La nouvelle clé a été retirée depuis ; demandez-en une autre à votre fournisseur d’ici là.
       *[counts] Saisissez d’ici là la nouvelle clé dans l’onglet « GLPI Network » de GLPI ; si vous ne l’avez pas, demandez la clé { $key } à votre fournisseur.
    }

## Abonnements

valid = La clé est valide ; le dernier jour de l’abonnement est le { $ends }.

subscription-ends-soon =
    .title = Fin prochaine de l’abonnement
    .cause = L’abonnement prend bientôt fin : son dernier jour est le { $ends }.
    .next = Renouvelez-le auprès de votre fournisseur avant la fin de cette journée ; la clé reste la même.

subscription-in-grace =
    .title = Abonnement en période de grâce
    .cause = Le dernier jour de l’abonnement était le { $ended } ; tout continue de fonctionner jusqu’au { $until } inclus.
    .next = Renouvelez-le auprès de votre fournisseur avant la fin de cette journée ; la clé reste la même.

subscription-not-begun =
    .title = Abonnement pas encore commencé
    .cause = L’abonnement n’a pas encore commencé : son premier jour est le { $begins }.
    .next = La clé fonctionnera à partir de ce jour ; si l’abonnement doit commencer plus tôt, contactez votre fournisseur.

subscription-expired =
    .title = Abonnement expiré
    .cause = L’abonnement a expiré : son dernier jour était le { $ended }.
    .next = Renouvelez-le auprès de votre fournisseur ; la clé reste la même.

subscription-suspended =
    .title = Abonnement suspendu
    .cause = Votre fournisseur a suspendu l’abonnement le { $date }.
    .next = Contactez votre fournisseur ; dès que l’abonnement reprendra, la même clé fonctionnera de nouveau.

subscription-terminated =
    .title = Abonnement résilié
    .cause = Votre fournisseur a mis fin définitivement à l’abonnement le { $date }.
    .next = Pour continuer, souscrivez un nouvel abonnement auprès de votre fournisseur ; vous recevrez une nouvelle clé.

## Ce qu’un opérateur a demandé et n’obtient pas

text-invalid =
    .title = Texte refusé
    .cause = { $fault ->
        [empty] Le champ « { $field } » est vide.
        [too-long] Le texte du champ « { $field } » dépasse { $most } caractères.
        [control] Le caractère nº { $at } du champ « { $field } » est un saut de ligne ou un autre caractère de contrôle invisible.
       *[character] Le caractère nº { $at } du champ « { $field } » n’y est pas admis.
    }
    .next = { $rule ->
        [reference] Une référence compte 40 caractères au plus, commence par une lettre minuscule et se poursuit par des lettres minuscules, des chiffres, des tirets, des tirets bas ou des points.
       *[text] Corrigez le texte et réessayez.
    }

field-customer = client
field-reason = motif
field-offer = offre
field-title = intitulé
field-name = nom
field-email = adresse électronique
field-days = jours
field-registrations-days = jours pour les inscriptions
field-agents-days = jours pour les agents
field-overlap-days = jours de chevauchement
field-grace-days = jours de grâce
field-tag = étiquette
field-agents = nombre d’agents
field-plugin = nom du plugin
field-seats = sièges
field-staging-limit = limite d’instances de test
field-moves = déplacements par an
field-releases = libérations autonomes par an
field-move-days = jours de la fenêtre de déplacement
field-cooling-off-days = jours de carence
field-trial-days = jours d’essai
field-inventory-user = utilisateur pour les inventaires
field-inventory-password = mot de passe pour les inventaires
field-inventory-client-id = identifiant du client pour les inventaires
field-inventory-client-secret = secret du client pour les inventaires

## Versions of GLPI that a plugin is for

range-both = { $min } à avant { $max }
range-from = { $min } et suivantes
range-before = avant { $max }
range-any = toute version

offer-unknown =
    .title = Offre inconnue
    .cause = Aucune offre ne porte la référence « { $reference } ».
    .next = { $hint ->
        [meant] Vouliez-vous dire « { $meant } » ? Offres existantes : { $known }.
        [known] Offres existantes : { $known }.
       *[none] Il n’y a encore aucune offre : créez-en d’abord une.
    }

customer-unknown =
    .title = Client inconnu
    .cause = Aucun client ne porte le nom ou l’identifiant « { $customer } ».
    .next = { $hint ->
        [meant] Vouliez-vous dire « { $meant } » ?
       *[none] Vérifiez l’orthographe ou créez d’abord le client.
    }

customer-exists =
    .title = Client déjà existant
    .cause = Il existe déjà un client nommé « { $customer } » ; les majuscules et les minuscules ne sont pas distinguées.
    .next = Utilisez le client existant ou choisissez un autre nom.

customer-erased =
    .title = Client effacé
    .cause = Le client { $customer } a été effacé le { $date } : son nom a disparu pour toujours et plus rien ne lui est vendu.
    .next = Créez un nouveau client s’il y a un nouveau contrat.

subscription-unknown =
    .title = Abonnement inconnu
    .cause = Aucun abonnement ne porte l’identifiant « { $subscription } ».
    .next = Vérifiez l’identifiant dans la liste des abonnements.

key-unknown =
    .title = Clé inconnue
    .cause = Aucune clé ne porte l’identifiant « { $key } ».
    .next = Vérifiez l’identifiant dans la liste des clés.

term-missing =
    .title = Durée manquante
    .cause = Aucun abonnement existant ne convient à cette clé, et la durée d’un nouvel abonnement n’a pas été indiquée.
    .next = Indiquez la durée du nouvel abonnement, en années, en mois ou en jours.

term-invalid =
    .title = Durée impossible
    .cause = La durée est trop courte, trop longue ou dépasse la fin du calendrier.
    .next = Choisissez une durée d’au moins un jour et d’au plus 100 ans.

date-invalid =
    .title = Date impossible
    .cause = « { $given } » n’est pas une date utilisable ici.
    .next = Donnez une date du calendrier à partir de 1970, sous la forme année, mois, jour, par exemple 2027-02-28.

last-day-over =
    .title = Dernier jour passé
    .cause = Le dernier jour, { $given }, est passé : nous sommes le { $today }.
    .next = Indiquez ce jour ou un jour ultérieur, ou aucun. Un dernier jour compte jusqu’à sa fin, dans le fuseau horaire de ce service.

last-day-before-first =
    .title = Dernier jour avant le premier
    .cause = Le dernier jour, { $given }, précède le premier, { $first }.
    .next = Indiquez le { $first } ou un jour ultérieur comme dernier jour, ou un premier jour antérieur.

last-day-too-late =
    .title = Dernier jour trop éloigné
    .cause = Le dernier jour, { $given }, est trop éloigné : une invitation peut servir pendant { $most } jours au plus.
    .next = Indiquez le { $latest } ou un jour antérieur, ou aucun, pour qu’elle n’ait pas de fin.

last-day-and-days =
    .title = Deux fins
    .cause = Un dernier jour, { $given }, et un nombre de jours sont indiqués tous les deux.
    .next = Indiquez l’un des deux.

days-invalid =
    .title = Trop de jours
    .cause = La valeur du champ « { $field } » est supérieure à { $most }.
    .next = Choisissez un nombre de 0 à { $most }.

subscription-already-suspended =
    .title = Déjà suspendu
    .cause = L’abonnement est suspendu depuis le { $date }.
    .next = Il n’y a rien à faire ; pour qu’il reprenne son cours, réactivez-le.

subscription-not-suspended =
    .title = Pas suspendu
    .cause = L’abonnement { $subscription } n’est pas suspendu.
    .next = Il n’y a rien à réactiver ; vérifiez qu’il s’agit bien de l’abonnement voulu.

subscription-already-terminated =
    .title = Déjà résilié
    .cause = Il a été mis fin définitivement à l’abonnement le { $date } ; il ne peut plus être modifié.
    .next = Créez un nouvel abonnement pour ce client.

key-already-revoked =
    .title = Déjà révoquée
    .cause = Cette clé a déjà été révoquée le { $date }.
    .next = Il n’y a rien à faire ; si le client a besoin d’une clé, émettez-en une nouvelle.

key-already-superseded =
    .title = Déjà remplacée
    .cause = Cette clé a déjà été remplacée par la clé { $key }.
    .next = Utilisez plutôt cette dernière.

token-unknown =
    .title = Jeton d’API inconnu
    .cause = Aucun jeton d’API ne porte l’identifiant « { $token } ».
    .next = Vérifiez l’identifiant dans la liste des jetons.

token-already-revoked =
    .title = Jeton déjà révoqué
    .cause = Ce jeton d’API a déjà été révoqué le { $date }.
    .next = Il n’y a rien à faire ; si un programme a besoin d’un jeton, créez-en un nouveau.

scope-unknown =
    .title = Droit inconnu
    .cause = { $case ->
        [none] Aucun droit n’a été donné au jeton, qui ne pourrait donc rien faire.
       *[unknown] Aucun droit ne s’appelle « { $given } ».
    }
    .next = { $hint ->
        [meant] Vouliez-vous dire « { $meant } » ? Droits possibles : { $known }.
       *[known] Droits possibles : { $known }.
    }

## What whoever issued a key may not have meant

subscription-beside-another =
    .title = Un deuxième abonnement
    .cause = Le client a déjà un autre abonnement à cette offre, { $subscription }, dont le dernier jour est le { $ends }.
    .next = S’il s’agissait seulement de prolonger celui-là, renouvelez-le et résiliez celui-ci ; ses clés restent les mêmes.

subscription-began-before =
    .title = Débute dans le passé
    .cause = L’abonnement a débuté avant aujourd’hui, le { $begins }.
    .next = Si ce n’est pas voulu, résiliez-le et émettez de nouveau la clé avec le bon premier jour.

subscription-over-already =
    .title = Déjà terminé
    .cause = { $works ->
        [yes] Le dernier jour de l’abonnement était le { $ended } ; la clé ne fonctionne que jusqu’au { $until } inclus.
       *[no] Le dernier jour de l’abonnement était le { $ended } : la clé n’ouvre donc rien.
    }
    .next = Si ce n’est pas voulu, renouvelez l’abonnement.

## Opérateurs, qui travaillent dans la console

role-missing =
    .title = Rôle insuffisant
    .cause = Votre rôle ({ $has }) ne permet pas cela : il faut { $needs }.
    .next = Demandez à un opérateur qui a ce rôle de le faire, ou à un propriétaire de changer votre rôle.

role-unknown =
    .title = Rôle inconnu
    .cause = Aucun rôle ne s’appelle « { $given } ».
    .next = { $hint ->
        [meant] Vouliez-vous dire « { $meant } » ? Rôles existants : owner, manager, support, auditor.
       *[none] Rôles existants : owner, manager, support, auditor.
    }

operator-unknown =
    .title = Opérateur inconnu
    .cause = Aucun opérateur n’a l’adresse ou l’identifiant « { $operator } ».
    .next = { $hint ->
        [meant] Vouliez-vous dire « { $meant } » ?
       *[none] Vérifiez dans la liste des opérateurs.
    }

operator-exists =
    .title = Opérateur déjà existant
    .cause = Il existe déjà un opérateur avec l’adresse « { $email } ».
    .next = Travaillez avec cet opérateur ou donnez une autre adresse.

operator-disabled =
    .title = Compte désactivé
    .cause = Ce compte a été désactivé le { $date }.
    .next = Demandez à un propriétaire de le réactiver.

operator-not-disabled =
    .title = Pas désactivé
    .cause = Le compte « { $email } » n’est pas désactivé.
    .next = Il n’y a rien à réactiver ; vérifiez qu’il s’agit bien du compte voulu.

owner-exists =
    .title = Il existe déjà un propriétaire
    .cause = Un propriétaire, « { $email } », peut déjà se connecter : aucun lien d’installation n’est nécessaire.
    .next = Connectez-vous avec ce compte, ou faites-le réinitialiser en ligne de commande si son mot de passe est perdu.

last-owner =
    .title = Dernier propriétaire
    .cause = C’est le seul propriétaire qui puisse se connecter.
    .next = Donnez d’abord le rôle de propriétaire à un autre opérateur.

email-invalid =
    .title = Pas une adresse électronique
    .cause = « { $given } » n’est pas une adresse électronique.
    .next = Donnez une adresse telle que nom@example.org.

email-domain-invalid =
    .title = Pas un domaine d’adresses électroniques
    .cause = « { $given } » n’est pas un domaine qu’une adresse électronique puisse avoir.
    .next = Donnez un domaine tel que example.org ; un domaine international sous sa forme xn--.

password-refused =
    .title = Mot de passe refusé
    .cause = { $fault ->
        [too-short] Le mot de passe compte moins de { $least } caractères.
        [too-long] Le mot de passe compte plus de { $most } caractères.
        [guessable] Le mot de passe est facile à deviner : c’est votre adresse, ou il contient très peu de caractères différents.
       *[differs] Les deux mots de passe ne sont pas identiques.
    }
    .next = { $fault ->
        [differs] Tapez deux fois le même mot de passe.
       *[other] Choisissez une phrase plus longue à laquelle vous seul penseriez ; un gestionnaire de mots de passe peut en créer une.
    }

sign-in-refused =
    .title = Connexion refusée
    .cause = L’adresse électronique ou le mot de passe est erroné.
    .next = Vérifiez les deux et réessayez ; si le mot de passe est perdu, un propriétaire peut vous envoyer un nouveau lien.

sign-in-throttled =
    .title = Trop de tentatives
    .cause = Trop de mots de passe ou de codes erronés sont arrivés pour ce compte ou depuis cette adresse.
    .next = Attendez { $seconds } secondes, puis réessayez.

code-wrong =
    .title = Code erroné
    .cause = Ce code est erroné, trop ancien ou déjà utilisé.
    .next = Tapez les six chiffres que votre application affiche maintenant, ou un code de secours que vous n’avez pas encore utilisé.

link-unusable =
    .title = Lien inutilisable
    .cause = Ce lien est incomplet, déjà utilisé ou trop ancien.
    .next = Demandez-en un nouveau à la personne qui vous l’a envoyé.

connection-unknown =
    .title = Connexion inconnue
    .cause = Aucune connexion à un GLPI n’a le nom ou l’identifiant « { $connection } ».
    .next = { $hint ->
        [meant] Vouliez-vous dire « { $meant } » ?
       *[none] Vérifiez dans la liste des connexions.
    }

connection-not-named =
    .title = Aucune connexion choisie
    .cause = Il y a plusieurs connexions à des GLPI, et aucune n’a été choisie.
    .next = Indiquez laquelle : { $known }.

connection-exists =
    .title = Connexion déjà existante
    .cause = Il existe déjà une connexion à un GLPI nommée « { $connection } ».
    .next = Utilisez cette connexion ou choisissez un autre nom.

inventory-credential-mixed =
    .title = Identifiants d’inventaire incohérents
    .cause = { $kind ->
        [basic] Un utilisateur et un mot de passe ont été choisis pour les inventaires, mais un identifiant ou un secret de client a été donné.
        [oauth] Un identifiant et un secret de client ont été choisis pour les inventaires, mais un utilisateur ou un mot de passe a été donné.
       *[none] Rien n’a été choisi pour les inventaires, mais un utilisateur, un mot de passe, un identifiant ou un secret de client a été donné.
    }
    .next = Choisissez ce que le GLPI demande, et laissez vide ce qui relève d’un autre choix.

glpi-not-found =
    .title = Pas de GLPI à cet endroit
    .cause = Ce qui répond à cette adresse n’est pas l’API REST d’un GLPI (statut { $status }).
    .next = Indiquez l’adresse à laquelle GLPI s’ouvre dans un navigateur, et vérifiez qu’apirest.php n’est pas bloqué.

glpi-api-off =
    .title = API REST désactivée
    .cause = L’API REST de ce GLPI est désactivée.
    .next = Dans GLPI : Configuration > Générale > API, activez l’API REST.

glpi-address-not-allowed =
    .title = Adresse non autorisée
    .cause = Ce GLPI n’autorise aucun client de son API à l’adresse de cette machine.
    .next = Dans GLPI : Configuration > Générale > API, ajoutez un client API pour l’adresse de cette machine.

glpi-app-token-wrong =
    .title = Jeton d’application erroné
    .cause = Le jeton d’application manque ou est erroné.
    .next = Indiquez celui du client API (dans GLPI : Configuration > Générale > API).

glpi-login-wrong =
    .title = GLPI refuse la connexion
    .cause = GLPI ne connaît pas ce jeton, ou cet identifiant avec ce mot de passe.
    .next = Copiez la clé d’accès distant depuis les préférences du compte de service, et vérifiez que ce compte est actif.

glpi-logins-off =
    .title = Pas de connexion par mot de passe
    .cause = L’API de ce GLPI n’accepte pas de connexion par mot de passe.
    .next = Utilisez le jeton du compte de service, ou activez la connexion avec identifiants dans Configuration > Générale > API.

glpi-session-over =
    .title = Session terminée
    .cause = GLPI a fermé la session entre-temps.
    .next = Réessayez.

glpi-refused =
    .title = GLPI a refusé
    .cause = GLPI a refusé avec « { $code } ».
    .next = Vérifiez les droits du profil du compte de service.

glpi-broken =
    .title = GLPI a échoué
    .cause = GLPI a échoué avec le statut { $status }.
    .next = Consultez le journal de GLPI (files/_log/php-errors.log).

users-read-missing =
    .title = Il manque un droit
    .cause = Le compte de service ne peut pas lire les utilisateurs ; son profil est « { $profile } ».
    .next = Dans ce GLPI, donnez au profil les droits Utilisateurs : lecture, création, mise à jour.

users-create-missing =
    .title = Il manque un droit
    .cause = Le compte de service ne peut pas créer d’utilisateurs ; son profil est « { $profile } ».
    .next = Dans ce GLPI, donnez au profil les droits Utilisateurs : lecture, création, mise à jour.

invitation-unknown =
    .title = Invitation inconnue
    .cause = Aucune invitation ne porte l’identifiant ou le nom « { $invitation } ».
    .next = { $hint ->
        [meant] Vouliez-vous dire « { $meant } » ?
       *[none] Vérifiez l’orthographe dans la liste des invitations.
    }

invitation-ambiguous =
    .title = Plusieurs invitations
    .cause = Plusieurs invitations portent le nom « { $invitation } ».
    .next = Choisissez-en une par son identifiant : { $known }.

invitation-revoked =
    .title = Invitation retirée
    .cause = L’invitation a été retirée le { $date }.
    .next = Demandez-en une autre à la personne qui vous a invité.

invitation-suspended =
    .title = Invitation suspendue
    .cause = L’invitation est suspendue depuis le { $date }.
    .next = Demandez à la personne qui vous a invité quand elle pourra de nouveau servir.

invitation-not-begun =
    .title = Pas encore ouverte
    .cause = L’invitation peut servir à partir du { $date }.
    .next = Revenez à cette date, ou demandez à la personne qui vous a invité.

invitation-expired =
    .title = Invitation expirée
    .cause = L’invitation pouvait servir jusqu’au { $date }.
    .next = Demandez-en une autre à la personne qui vous a invité.

invitation-used-up =
    .title = Invitation épuisée
    .cause = Cette invitation a déjà servi autant de fois que prévu.
    .next = Si vous ne vous êtes pas inscrit vous-même, demandez-en une autre à la personne qui vous a invité.

invitation-not-suspended =
    .title = Pas suspendue
    .cause = L’invitation { $invitation } n’est pas suspendue.
    .next = Il n’y a rien à reprendre.

login-taken =
    .title = Identifiant déjà pris
    .cause = Quelqu’un d’autre a cet identifiant de connexion.
    .next = Choisissez-en un autre.

changed-meanwhile =
    .title = Modifié entre-temps
    .cause = L’objet de ce formulaire a été modifié le { $time }, après l’affichage du formulaire.
    .next = Regardez comment il se présente maintenant, et décidez à nouveau.

## Les agents et leurs clés d’enrôlement

enrollment-key-unknown =
    .title = Clé d’enrôlement inconnue
    .cause = Aucune clé d’enrôlement ne porte l’identifiant ou le nom « { $key } ».
    .next = { $hint ->
        [meant] Vouliez-vous dire « { $meant } » ?
       *[none] Comparez avec la liste des clés d’enrôlement.
    }

enrollment-key-exists =
    .title = La clé d’enrôlement existe déjà
    .cause = Il existe déjà une clé d’enrôlement nommée « { $name } » ; majuscules et minuscules ne comptent pas.
    .next = Utilisez cette clé, ou choisissez un autre nom.

enrollment-key-wrong =
    .title = Mauvaise clé d’enrôlement
    .cause = La clé d’enrôlement envoyée n’est pas une clé de cette passerelle : elle est coupée, mal saisie ou inventée.
    .next = Copiez à nouveau la clé entière dans la configuration de l’agent : utilisateur et mot de passe, ou identifiant et secret du client.

enrollment-key-replaced =
    .title = Clé d’enrôlement remplacée
    .cause = Le secret de cette clé d’enrôlement a été remplacé ; l’ancien ne compte plus depuis le { $date }.
    .next = Mettez le nouveau secret dans la configuration de l’agent.

enrollment-key-revoked =
    .title = Clé d’enrôlement révoquée
    .cause = La clé d’enrôlement a été révoquée le { $date } et ne laisse plus entrer personne.
    .next = Demandez une autre clé d’enrôlement à l’administrateur de GLPI.

enrollment-key-suspended =
    .title = Clé d’enrôlement suspendue
    .cause = La clé d’enrôlement est suspendue depuis le { $date }.
    .next = Il n’y a rien à faire sur l’agent : il reviendra de lui-même dès que la clé sera rétablie.

enrollment-key-not-suspended =
    .title = Non suspendue
    .cause = La clé d’enrôlement « { $key } » n’est pas suspendue.
    .next = Regardez son état.

enrollment-key-expired =
    .title = Clé d’enrôlement expirée
    .cause = La clé d’enrôlement a expiré le { $date }.
    .next = Demandez une autre clé d’enrôlement à l’administrateur de GLPI.

enrollment-key-full =
    .title = Clé d’enrôlement épuisée
    .cause = Tous les agents que la clé d’enrôlement laisse entrer ({ $most }) sont déjà venus avec elle.
    .next = Demandez à l’administrateur de GLPI une autre clé d’enrôlement, ou de la place dans celle-ci.

enrollment-network-refused =
    .title = Pas depuis ce réseau
    .cause = La clé d’enrôlement ne compte pas à l’adresse { $address }.
    .next = Demandez à l’administrateur de GLPI pour quels réseaux vaut la clé ; derrière un proxy, si la passerelle lui fait confiance.

network-invalid =
    .title = Pas un réseau
    .cause = « { $given } » n’est pas une plage d’adresses.
    .next = Indiquez par exemple 10.20.0.0/16 ou 2001:db8::/32.

signing-key-unknown =
    .title = Clé de signature inconnue
    .cause = Aucune clé de signature de cette installation ne porte l’identifiant « { $key } ».
    .next = Les clés signées par une autre installation ne peuvent pas être reprises ; émettez-en de nouvelles.

key-exists =
    .title = Une autre clé
    .cause = Une clé avec l’identifiant « { $key } » existe déjà, et c’en est une autre.
    .next = Comparez son abonnement, sa clé de signature et sa date.

registration-unknown =
    .title = Inscription inconnue
    .cause = Aucune inscription ne porte l’identifiant « { $registration } ».
    .next = Comparez avec la liste des inscriptions.

agent-unknown =
    .title = Agent inconnu
    .cause = Aucun agent ne porte l’identifiant ou l’appareil « { $agent } ».
    .next = Comparez avec la liste des agents.

agent-pending =
    .title = En attente d’approbation
    .cause = L’agent est connu depuis le { $date } et attend qu’une personne l’approuve.
    .next = Il n’y a rien à faire sur l’agent : il reviendra de lui-même. L’exploitant de la passerelle l’approuve.

agent-not-pending =
    .title = Déjà approuvé
    .cause = L’agent « { $agent } » n’attend pas d’approbation.
    .next = Il n’y a rien à faire.

agent-quarantined =
    .title = Agent en quarantaine
    .cause = L’agent a été exclu le { $date }.
    .next = Demandez pourquoi à l’exploitant de la passerelle ; il peut le laisser entrer à nouveau.

agent-not-quarantined =
    .title = Pas en quarantaine
    .cause = L’agent « { $agent } » n’est pas en quarantaine.
    .next = Il n’y a rien à faire.

agent-message-invalid =
    .title = Pas un message d’agent
    .cause = { $fault ->
        [too-long] Le message a plus d’octets que ce qui est accepté.
        [swells] Le message se décompresse en plus d’octets que ce qui est accepté.
        [packing] Le message ne se décompresse pas : il est endommagé ou coupé.
        [form] Le message n’est ni du JSON ni du XML complet.
        [action] Le message ne demande rien de ce qu’un agent demande.
        [device] Le message ne dit pas de quelle machine il parle.
        [agent] Le message ne dit pas de quel agent il vient.
       *[slow] Le message n’est pas arrivé à temps.
    }
    .next = Vérifiez dans le journal de l’agent ce qu’il envoie, et que rien ne le modifie en chemin.

glpi-unknown =
    .title = GLPI inconnu
    .cause = Aucun GLPI n’est connu ici sous le nom « { $glpi } ».
    .next = { $hint ->
        [meant] Vouliez-vous dire « { $meant } » ?
       *[none] Nommez-en un qui est connu, ou faites-le d’abord connaître.
    }

queued-message-unknown =
    .title = Message inconnu
    .cause = Aucun message portant le numéro « { $message } » n’attend GLPI.
    .next = Comparez avec la file : il a peut-être été livré entre-temps.

## Instances, sièges, déplacements, plugins et essais

instance-uid-missing =
    .title = GLPI non identifié
    .cause = La demande ne dit pas quel GLPI interroge : l’en-tête X-Glpi-Network-Uid est absent.
    .next = Tout GLPI l’envoie depuis la version 9.5 ; vérifiez si un proxy entre GLPI et le service supprime des en-têtes, puis rouvrez l’onglet « GLPI Network ».

instance-uid-invalid =
    .title = Identifiant du GLPI mal formé
    .cause = { $fault ->
        [length] L’identifiant envoyé par ce GLPI (X-Glpi-Network-Uid) compte { $number } caractères au lieu de 40.
       *[character] Le caractère { $number } de l’identifiant envoyé par ce GLPI (X-Glpi-Network-Uid) n’est ni une lettre ni un chiffre.
    }
    .next = GLPI crée lui-même cet identifiant et le garde dans sa base de données : vérifiez s’il y a été modifié, ou en chemin.

instance-limit-reached =
    .title = Tous les sièges sont pris
    .cause = { $holder ->
        [none] Tous les sièges de cet abonnement ({ $seats }) sont pris.
       *[known] Tous les sièges de cet abonnement ({ $seats }) sont pris, dont un par { $name }.
    }
    .next = { $retry ->
        [none] Demandez à votre fournisseur de libérer un siège, de déclarer comme tel un système de test, ou d’ajouter un siège.
       *[known] Demandez à votre fournisseur de libérer un siège, de déclarer comme tel un système de test, ou d’ajouter un siège ; un déplacement vers cette instance pourra commencer de lui-même le { $until }.
    }

staging-limit-reached =
    .title = Trop de systèmes de test
    .cause = Cet abonnement est déjà utilisé par autant d’instances de préproduction et de développement qu’il en permet.
    .next = Demandez à votre fournisseur de libérer celle qui ne sert plus.

seat-moved =
    .title = Siège déplacé
    .cause = Le { $date }, le siège de cette instance est passé à une autre qui utilise la même clé.
    .next = N’utilisez la clé que là-bas ; si cette instance doit retrouver un siège, adressez-vous à votre fournisseur.

move-lapsed =
    .title = Déplacement terminé
    .cause = { $holder ->
        [none] Le délai pour passer à cette instance s’est achevé le { $date }, et le siège n’a pas changé de place car l’ancienne instance servait encore.
       *[known] Le délai pour passer à cette instance s’est achevé le { $date }, et le siège est resté à { $name }, qui servait encore.
    }
    .next = Retirez la clé de l’ancienne instance et demandez à votre fournisseur d’approuver celle-ci.

move-refused =
    .title = Refusé par le fournisseur
    .cause = Le { $date }, votre fournisseur a décidé que cette instance ne peut pas utiliser la clé.
    .next = Demandez-en la raison à votre fournisseur.

instance-released =
    .title = Siège libéré
    .cause = Le siège de cette instance a été libéré le { $date }.
    .next = Si cette instance sert encore, demandez à votre fournisseur de lui rendre un siège.

seat-moving-here =
    .title = Déplacement vers cette instance
    .cause = { $asked ->
        [yes] Cette instance fonctionne jusqu’au { $until } à côté de { $name }, qui détient le siège et sert encore.
       *[no] Cette instance fonctionne jusqu’au { $until } à côté de { $name }, qui détient le siège.
    }
    .next = { $asked ->
        [yes] Elle s’arrêtera ensuite : si vous déménagez, demandez à votre fournisseur de l’approuver ; si c’est un système de test, faites-le déclarer comme tel.
       *[no] Si l’ancienne ne se manifeste plus d’ici là, le siège passera ici de lui-même ; si c’est un système de test, demandez à votre fournisseur de le déclarer comme tel.
    }

seat-moving-away =
    .title = Une autre instance arrive
    .cause = Depuis le { $since }, une autre instance, { $name }, utilise la même clé ; les deux fonctionnent jusqu’au { $until }.
    .next = Comme celle-ci sert encore, elle gardera le siège ; si vous avez déménagé, retirez la clé d’ici ou demandez à votre fournisseur d’approuver la nouvelle instance.

instance-unknown =
    .title = Instance inconnue
    .cause = Aucune instance n’a l’identifiant, l’UID ou l’adresse « { $instance } ».
    .next = Vérifiez dans la liste des instances.

instance-ambiguous =
    .title = Plusieurs instances
    .cause = « { $instance } » désigne plusieurs instances : différents abonnements la connaissent.
    .next = Choisissez-en une par son identifiant : { $known }.

nothing-to-decide =
    .title = Rien à décider
    .cause = L’instance est dans l’état « { $state } » et n’attend aucune décision.
    .next = Consultez l’instance ; pour lui retirer son siège, libérez-la.

nothing-to-release =
    .title = Rien à libérer
    .cause = L’instance est dans l’état « { $state } » et ne détient aucun siège.
    .next = Il n’y a rien à faire ; cherchez l’instance qui détient le siège.

seats-in-use =
    .title = Sièges occupés
    .cause = { $taken } sièges de l’abonnement sont pris ; il ne peut donc pas en avoir seulement { $seats }.
    .next = Libérez d’abord des sièges.

releases-spent =
    .title = Pas sans le fournisseur
    .cause = { $most ->
        [0] Cet abonnement ne permet pas de libérer un siège sans le fournisseur.
       *[other] Les sièges de cet abonnement peuvent être libérés { $most } fois par an sans le fournisseur, et cela a été fait.
    }
    .next = { $again ->
        [none] Demandez à votre fournisseur de libérer le siège.
       *[known] Demandez à votre fournisseur de libérer le siège, ou réessayez le { $until }.
    }

environment-unknown =
    .title = Environnement inconnu
    .cause = Aucun environnement ne s’appelle « { $given } ».
    .next = Choisissez l’un de ceux-ci : production, staging, development.

number-invalid =
    .title = Nombre impossible
    .cause = La valeur du champ « { $field } » est inférieure à { $least } ou supérieure à { $most }.
    .next = Choisissez un nombre de { $least } à { $most }.

url-invalid =
    .title = Adresse impossible
    .cause = { $fault ->
        [empty] L’adresse du site est vide.
        [too-long] L’adresse du site dépasse { $most } octets.
        [scheme] L’adresse du site ne commence pas par https:// ou http://.
        [credentials] L’adresse du site contient un nom d’utilisateur ou un mot de passe.
        [host] L’adresse du site ne désigne aucun hôte possible.
        [port] L’adresse du site ne désigne aucun port possible.
       *[character] L’adresse du site contient une espace, un caractère de contrôle ou une barre oblique inverse.
    }
    .next = { $fault ->
        [credentials] Envoyez l’adresse sans eux, et changez le mot de passe qui a été envoyé.
       *[other] Envoyez l’adresse telle qu’elle figure dans la barre du navigateur, par exemple https://glpi.example.org/glpi.
    }

plugin-not-covered =
    .title = Plugin non compris
    .cause = L’abonnement ne comprend pas le plugin « { $plugin } ».
    .next = { $hint ->
        [none] Il ne comprend aucun plugin ; demandez à votre fournisseur une clé qui en comprend.
       *[known] Il comprend : { $known } ; demandez à votre fournisseur une clé qui comprend celui-ci.
    }

trial-unavailable =
    .title = Pas d’essai
    .cause = Le plugin « { $plugin } » ne peut pas être essayé sans clé.
    .next = Saisissez une clé ; votre fournisseur en émet.

trial-running =
    .title = Essai
    .cause = L’essai dure jusqu’au { $until }.
    .next = Pour continuer ensuite, saisissez une clé ; votre fournisseur en émet.

trial-ended =
    .title = Essai terminé
    .cause = L’essai s’est achevé le { $date } ; chaque plugin s’essaie une seule fois par GLPI.
    .next = Pour continuer, saisissez une clé ; votre fournisseur en émet, et peut aussi prolonger l’essai.

trial-unknown =
    .title = Essai inconnu
    .cause = Aucun essai n’a l’identifiant « { $trial } ».
    .next = Vérifiez l’identifiant dans la liste des essais.

trial-already-subscribed =
    .title = Déjà un abonnement
    .cause = L’essai est déjà devenu l’abonnement { $subscription }.
    .next = Renouvelez ou prolongez plutôt cet abonnement.

## Ce qui n’a pas fonctionné de notre côté

store-unavailable =
    .title = Base de données indisponible
    .cause = Le service n’arrive pas à joindre sa base de données pour le moment ; cela ne dit rien de la clé.
    .next = Réessayez dans quelques minutes ; l’exploitant du service doit vérifier la base de données et son disque.

key-not-in-store =
    .title = Clé absente de la base de données
    .cause = La clé { $key } est authentique, mais la base de données du service ne la contient pas ; une sauvegarde plus ancienne a probablement été restaurée.
    .next = Conservez la clé et prévenez votre fournisseur ; l’exploitant du service doit restaurer la sauvegarde la plus récente.

clock-suspect =
    .title = Horloge non fiable
    .cause = L’horloge du service semble fausse ; pour l’instant, il ne se prononce donc sur aucune clé.
    .next = Réessayez plus tard ; l’exploitant du service doit régler l’horloge, ou la confirmer si elle est juste.

secret-unreadable =
    .title = Secret illisible
    .cause = Un secret de la base de données ne peut pas être ouvert avec la clé maîtresse actuelle.
    .next = L’exploitant du service doit le démarrer avec la clé maîtresse qui correspond à cette base de données.

overloaded =
    .title = Service surchargé
    .cause = Le service reçoit plus de demandes qu’il ne peut en traiter à temps ; cela ne dit rien de la clé.
    .next = Réessayez dans quelques minutes ; si cela persiste, prévenez l’exploitant du service.

restart-needed =
    .title = Redémarrage nécessaire
    .cause = Le service fonctionne avec un réglage modifié entre-temps ; pour l’instant, il n’effectue donc aucun changement.
    .next = Réessayez plus tard ; la personne qui exploite le service devrait le redémarrer.

internal-error =
    .title = Erreur interne
    .cause = Une erreur du service lui-même a empêché toute réponse ; cela ne dit rien de la clé.
    .next = Réessayez dans quelques minutes ; si cela persiste, prévenez l’exploitant du service, dont le journal contient les détails.

## Les requêtes des programmes, et ce qui ne va pas

token-missing =
    .title = Aucun jeton
    .cause = { $gap ->
        [header] La requête n’a pas d’en-tête Authorization, ou en a plusieurs.
        [scheme] L’en-tête Authorization n’est pas composé de « Bearer » et d’un jeton.
       *[empty] Aucun jeton ne suit « Bearer ».
    }
    .next = Envoyez un jeton dans l’en-tête « Authorization: Bearer » ; l’exploitant du service en crée un avec « latchkey token create ».

token-not-known =
    .title = Jeton non reconnu
    .cause = { $shaped ->
        [yes] Ce jeton n’est pas de ce service, ou son secret est un autre.
       *[no] Le texte après « Bearer » n’est pas un jeton de ce service : un jeton commence par lkapi_.
    }
    .next = Vérifiez à quel service appartient le jeton ; l’exploitant de celui-ci en crée un nouveau avec « latchkey token create ».

token-damaged =
    .title = Jeton incomplet
    .cause = Le jeton n’est pas entier : des caractères manquent, ou l’un d’eux a été modifié.
    .next = Copiez de nouveau le jeton, du premier caractère au dernier.

token-expired =
    .title = Jeton expiré
    .cause = Le jeton { $token } a pris fin à { $since }.
    .next = L’exploitant du service en crée un nouveau avec « latchkey token create ».

token-revoked =
    .title = Jeton révoqué
    .cause = Le jeton { $token } a été révoqué à { $since }.
    .next = L’exploitant du service en crée un nouveau avec « latchkey token create ».

token-misplaced =
    .title = Jeton dans l’adresse
    .cause = Un jeton a été envoyé dans l’adresse, qui est inscrite en chemin dans des journaux et des historiques.
    .next = Révoquez ce jeton, et envoyez-en un nouveau dans l’en-tête « Authorization: Bearer ».

scope-missing =
    .title = Le jeton n’en a pas le droit
    .cause = Il faut pour cela un jeton avec le droit { $scope }.
    .next = Utilisez un autre jeton, ou faites-en créer un avec ce droit : « latchkey token create --scope { $scope } ».

too-many-requests =
    .title = Trop de requêtes
    .cause = Ce jeton envoie plus de { $most } requêtes par minute.
    .next = Attendez aussi longtemps que l’indique l’en-tête Retry-After, puis continuez plus lentement ; l’exploitant du service peut augmenter token_requests_per_minute.

too-many-failed-keys =
    .title = Trop de clés qui n’en sont pas
    .cause = En une minute, trop de clés incomplètes ou fausses sont venues de cette adresse.
    .next = Vérifiez la clé avec « latchkey key inspect », et réessayez plus tard. Les bonnes clés reçoivent toujours leur réponse.

body-not-json =
    .title = Le corps n’est pas du JSON
    .cause = L’en-tête Content-Type n’indique pas application/json.
    .next = Envoyez du JSON, avec l’en-tête « Content-Type: application/json ».

headers-too-long =
    .title = Les en-têtes sont trop longs
    .cause = Les en-têtes dépassent ensemble { $most } octets.
    .next = Envoyez des en-têtes moins nombreux ou plus courts ; un cookie ou un jeton d’un autre programme a pu être ajouté en chemin.

body-too-long =
    .title = Le corps est trop long
    .cause = Le corps dépasse { $most } octets, ou s’est interrompu.
    .next = Envoyez moins à la fois.

body-malformed =
    .title = Le corps est illisible
    .cause = { $fault ->
        [no-object] Le corps est du JSON, mais pas un objet.
        [twice] Le membre « { $member } » figure deux fois dans le corps.
        [too-deep] Les valeurs du corps sont imbriquées sur plus de { $most } niveaux.
       *[syntax] Le corps n’est pas du JSON : il est illisible à partir de la ligne { $line }, caractère { $column }.
    }
    .next = Envoyez un seul objet JSON en UTF-8, chaque membre une fois.

body-invalid =
    .title = Le corps n’est pas comme il faut
    .cause = { $fault ->
        [unknown] Il n’y a pas de membre « { $name } ». Il y a : { $known }.
        [missing] Le membre « { $name } » manque.
        [twice] Le membre « { $name } » figure deux fois.
        [not-one-of] « { $given } » n’est pas une valeur du membre « { $name } ». Il y a : { $known }.
        [wants-text] Le membre « { $name } » doit être un texte.
        [wants-number] Le membre « { $name } » doit être un nombre entier non négatif.
        [wants-list] Le membre « { $name } » doit être une liste.
        [out-of-range] Le membre « { $name } » va de { $least } à { $most }.
       *[other] Le membre « { $name } » a une valeur du mauvais type.
    }
    .next = Comparez le corps avec la description de l’opération dans /api/v1/docs.

parameter-invalid =
    .title = Un paramètre n’est pas comme il faut
    .cause = { $fault ->
        [unknown] Il n’y a pas de paramètre « { $name } ». Il y a : { $known }.
        [missing] Le paramètre « { $name } » manque.
        [twice] Le paramètre « { $name } » figure deux fois.
        [not-one-of] « { $given } » n’est pas une valeur du paramètre « { $name } ». Il y a : { $known }.
        [wants-number] Le paramètre « { $name } » doit être un nombre entier non négatif.
        [out-of-range] Le paramètre « { $name } » va de { $least } à { $most }.
        [foreign-cursor] Le paramètre « { $name } » n’a pas été donné par cette liste.
        [no-instant] Le paramètre « { $name } » n’est ni un instant tel que 2027-02-28T12:00:00Z, ni un jour.
        [no-day] Le paramètre « { $name } » n’est pas un jour tel que 2027-02-28.
        [not-taken] Cette adresse ne prend aucun paramètre.
       *[other] Le paramètre « { $name } » a une valeur du mauvais type.
    }
    .next = Comparez l’adresse avec la description de l’opération dans /api/v1/docs.

idempotency-key-invalid =
    .title = Idempotency-Key non valable
    .cause = L’en-tête Idempotency-Key figure plusieurs fois, ou n’a pas de 1 à { $most } caractères ASCII visibles.
    .next = Donnez à chaque requête un nom à elle, tel qu’un UUID.

idempotency-key-reused =
    .title = Une autre requête avait ce nom
    .cause = Au cours des dernières 24 heures, ce jeton a envoyé une autre requête sous la même Idempotency-Key.
    .next = Donnez à chaque requête un nom à elle, et répétez une requête exactement telle qu’elle était.

not-found =
    .title = Rien à cette adresse
    .cause = « { $path } » n’est pas une adresse de ce service.
    .next = Vérifiez l’adresse ; GLPI lui-même n’a besoin que de l’adresse de base du service, sans chemin.

method-not-allowed =
    .title = Cette adresse prend une autre méthode
    .cause = « { $path } » ne prend pas { $method }.
    .next = GLPI interroge avec GET ; ce que les programmes peuvent envoyer est décrit dans /api/v1/docs.

stopping =
    .title = Ce serveur va s’arrêter
    .cause = Il a reçu l’ordre de s’arrêter, et termine ce qui est en cours.
    .next = Interrogez-en un autre, ou réessayez quand il sera de retour.

## Requêtes vers d’autres, et pourquoi elles sont restées sans réponse

outgoing-url-invalid =
    .title = Adresse impossible à interroger
    .cause = { $fault ->
        [scheme] L’adresse ne commence ni par https:// ni par http://.
        [credentials] L’adresse contient un nom d’utilisateur ou un mot de passe, qui finirait dans des journaux.
        [length] L’adresse est trop longue.
       *[form] L’adresse est illisible.
    }
    .next = Donnez-en une telle que https://glpi.example.org, sans rien avant l’hôte.

outgoing-address-forbidden =
    .title = Cette adresse n’est pas interrogée
    .cause = { $allowable ->
        [yes] { $origin } mène à { $address }, qui appartient à cette machine ou à un réseau privé.
       *[no] { $origin } mène à { $address }, qui n’est jamais interrogée : on y distribue les identifiants de machines, ou personne ne s’y trouve.
    }
    .next = { $allowable ->
        [yes] Si elle peut être jointe, l’exploitant du service l’autorise par le réglage outgoing_allow, par exemple "{ $address }".
       *[no] Donnez l’adresse du service auquel vous pensez.
    }

outgoing-name-unknown =
    .title = Nom inconnu
    .cause = Aucune adresse n’est connue pour l’hôte de { $origin }.
    .next = Vérifiez l’orthographe, et si le service de noms du serveur connaît l’hôte.

outgoing-not-connected =
    .title = Pas de connexion
    .cause = { $why ->
        [refused] Rien n’écoute à { $origin }.
        [unreachable] Aucun chemin ne mène de ce serveur à { $origin }.
       *[other] Aucune connexion à { $origin } n’est possible.
    }
    .next = Vérifiez l’hôte et le port, et si l’autre service fonctionne et si un pare-feu laisse passer ce serveur.

outgoing-not-trusted =
    .title = Confiance impossible
    .cause = { $why ->
        [issuer] Personne que ce serveur connaisse ne garantit le certificat de { $origin }.
        [name] Le certificat de { $origin } appartient à un autre hôte.
        [time] Le certificat de { $origin } a expiré ou n’est pas encore valable.
       *[no-tls] { $origin } ne parle pas TLS, ou aucun que ce serveur parle.
    }
    .next = { $why ->
        [issuer] Si le certificat vient de votre propre autorité, ajoutez-la aux certificats du système, ou indiquez son fichier par outgoing_ca_file.
        [name] Utilisez le nom inscrit dans le certificat, ou faites-le renouveler pour cet hôte.
        [time] Faites renouveler le certificat, et vérifiez l’horloge de ce serveur.
       *[no-tls] Vérifiez le port, et si l’adresse devrait commencer par http://.
    }

outgoing-timed-out =
    .title = Pas de réponse à temps
    .cause = { $stage ->
        [name] Les adresses de l’hôte de { $origin } n’ont pas été trouvées à temps.
        [connection] { $origin } n’a pas accepté la connexion à temps.
       *[answer] { $origin } n’a pas répondu à temps.
    }
    .next = Vérifiez si l’autre service fonctionne et n’est pas surchargé, et si un pare-feu laisse passer ce serveur.

outgoing-answer-too-long =
    .title = Réponse trop longue
    .cause = La réponse de { $origin } dépasse { $most } octets.
    .next = Vérifiez si l’adresse est celle du service auquel vous pensez.

outgoing-redirected =
    .title = Renvoyé ailleurs
    .cause = { $where ->
        [known] { $origin } renvoie à { $to }, où la requête ne suit pas.
       *[unknown] { $origin } renvoie à une adresse impossible à interroger.
    }
    .next = Donnez l’adresse finale, si vous lui faites confiance.

outgoing-broken-off =
    .title = Réponse incompréhensible
    .cause = La connexion à { $origin } s’est interrompue, ou ce qui en est venu n’est pas du HTTP.
    .next = Vérifiez l’hôte et le port, et consultez le journal de l’autre service.

## La place de marché : les plugins

archive-refused =
    .title = Archive non publiée
    .cause = { $fault ->
        [not-one] Elle n’est ni tar.gz, ni tar.bz2, ni zip.
        [damaged] L’archive s’interrompt, ou ses sommes de contrôle sont fausses.
        [empty] L’archive ne contient aucun fichier.
        [too-long] L’archive dépasse les { $about } octets admis.
        [path] Le chemin « { $about } » est absolu, sort du dossier, ou contient des caractères qui n’ont pas leur place dans un chemin.
        [link] Le lien « { $about } » sort du dossier du plugin, ou un autre chemin passe par lui.
        [special] « { $about } » est un périphérique, un tube ou autre chose qu’aucun plugin ne contient.
        [twice] Le chemin « { $about } » s’y trouve deux fois.
        [too-many] L’archive contient plus de { $about } fichiers.
        [too-large] Plus de { $about } octets sortent de l’archive.
        [bomb] Il sort de l’archive plus de { $about } fois ce qui y est entré.
        [top] À côté du dossier du plugin, « { $about } » se trouve à la racine de l’archive.
        [folder] Le dossier « { $about } » ne porte pas un nom de plugin : des lettres et des chiffres, une lettre d’abord.
        [no-setup] Le dossier « { $about } » n’a pas de setup.php.
        [other-plugin] setup.php n’a pas de fonction { $about } : le dossier ne porte pas le nom du plugin.
        [no-version] setup.php n’indique aucune version lisible sans l’exécuter.
        [other-version] setup.php indique la version { $about }, mais { $wanted } devait être publiée.
       *[range] setup.php indique des versions de GLPI impossibles : { $about }.
    }
    .next = Rien n’a été enregistré. Empaquetez le plugin dans un seul dossier portant son nom, avec son setup.php, puis publiez-le.

plugin-sheet-invalid =
    .title = La description du plugin contient des erreurs
    .cause = { $mistakes }
    .next = Corrigez-la et publiez de nouveau ; rien n’a été enregistré.

plugin-sheet-mistake =
    .title = La description du plugin contient des erreurs
    .cause = { $fault ->
        [not-xml] Ligne { $line } : XML mal formé.
        [root] Ligne { $line } : l’élément extérieur n’est pas « root ».
        [missing] Ligne { $line } : « { $about } » manque.
        [twice] Ligne { $line } : « { $about } » s’y trouve deux fois.
        [text] Ligne { $line } : « { $about } » est vide, trop long, ou contient des caractères non admis.
        [address] Ligne { $line } : « { $about } » n’est pas une adresse qui commence par https:// ou http://.
        [other-plugin] Ligne { $line } : elle décrit un autre plugin : « { $about } ».
       *[version-missing] Ligne { $line } : la version { $about } de l’archive n’est pas parmi ses versions.
    }
    .next = Corrigez-la et publiez de nouveau ; rien n’a été enregistré.

plugin-unknown =
    .title = Plugin inconnu
    .cause = Aucun plugin n’a la clé « { $plugin } ».
    .next = { $hint ->
        [meant] Vouliez-vous dire « { $meant } » ?
       *[none] Consultez la liste des plugins.
    }

plugin-version-unknown =
    .title = Version inconnue
    .cause = Le plugin { $plugin } n’a pas de version « { $version } ».
    .next = Consultez les versions du plugin.

plugin-version-exists =
    .title = Version déjà publiée
    .cause = La version { $version } de { $plugin } a été publiée le { $date } ; ce qui a été téléchargé une fois n’est jamais remplacé par autre chose.
    .next = Donnez au plugin une version plus élevée et publiez-la.

plugin-version-withdrawn =
    .title = Version retirée
    .cause = La version { $version } de { $plugin } a été retirée le { $date }.
    .next = Utilisez une autre version du plugin.

plugin-not-opened =
    .title = Plugin hors de l’abonnement
    .cause = L’abonnement de cette clé ne comprend pas le plugin { $plugin }.
    .next = Il est compris dans : { $offers }. Demandez l’une de ces offres à votre fournisseur.

channel-unknown =
    .title = Canal inconnu
    .cause = Il n’y a pas de canal « { $given } ».
    .next = Il y a : stable, pre-release.

storage-unavailable =
    .title = Archives inaccessibles
    .cause = L’endroit où sont gardées les archives ne répond pas, ou est plein.
    .next = Réessayez dans une minute ; si cela persiste, prévenez le fournisseur.

plugin-withdrawn-here =
    .title = Version retirée
    .cause = La version { $version } du plugin { $plugin }, que ce GLPI a téléchargée, a été retirée par le fournisseur.
    .next = Mettez le plugin à jour, ou désactivez-le jusqu’à ce qu’il y ait une autre version.
