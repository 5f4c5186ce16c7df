## Le cadre de chaque page

skip-to-content = Aller au contenu
menu = Menu
nav-subscriptions = Abonnements
search = Rechercher
search-label = Rechercher des clients et des clés
search-placeholder = Client, identifiant de clé ou clé entière
nav-administration = Administration
language = Langue
language-en = English
language-fr = Français
theme = Couleurs
theme-auto = Comme le système
theme-light = Clair
theme-dark = Sombre
sign-in = Se connecter
sign-out = Se déconnecter
to-the-beginning = Vers l’accueil
leave-it = Abandonner
filter = Filtrer
show-all = Tout afficher
pages = Pages
first-page = Première page
next-page = Page suivante
since = Depuis
role-owner = Propriétaire
role-manager = Gestionnaire
role-support = Assistance
role-auditor = Auditeur (lecture seule)

## Champs

field-email = Adresse électronique
field-password = Mot de passe
field-new-password = Nouveau mot de passe
field-password-again = Le même mot de passe, encore une fois
field-code = Code
field-customer = Client

## Connexion

login-title = Connexion
login-code-title = Deuxième étape
login-code-hint = Les six chiffres que votre application affiche maintenant, ou un code de secours.
setup-title = Choisir un mot de passe
setup-first = Ceci crée le premier compte, qui peut tout faire. Choisissez comment vous vous connecterez.
setup-for = Pour { $email }. Ce lien ne sert qu’une fois.
setup-do = Enregistrer et se connecter
password-hint = Au moins 12 caractères. Une phrase à laquelle vous seul penseriez convient ; celle d’un gestionnaire de mots de passe, mieux encore.
kept-title = Votre session est terminée
kept-cause = Ce que vous avez saisi est conservé.
kept-next = Connectez-vous, relisez-le et envoyez-le.
resume-title = Vous revoilà
resume-cause = Avant la fin de votre session, vous aviez saisi ceci, qui n’a pas été envoyé.
resume-next = Relisez-le une fois.
resume-do = Envoyer maintenant

## Ce qu’une page ne peut pas être

trouble-sign-in-title = Connectez-vous d’abord
trouble-sign-in-cause = Cette page est réservée aux opérateurs.
trouble-sign-in-next = Connectez-vous et réessayez.
trouble-not-found-title = Il n’y a rien ici
trouble-not-found-cause = Aucune page ne se trouve à cette adresse.
trouble-not-found-next = Il manque peut-être un caractère ; le menu montre ce qui existe.
trouble-other-method-title = Ne s’ouvre pas ainsi
trouble-other-method-cause = Seuls des formulaires sont envoyés à cette adresse.
trouble-other-method-next = Allez à la page qui contient le formulaire.
trouble-foreign-title = Pas un de nos formulaires
trouble-foreign-cause = Le formulaire n’a pas été envoyé depuis une page de cette console : rien n’a été fait.
trouble-foreign-next = Ouvrez la console elle-même et réessayez. Si c’est ce que vous avez fait : un mandataire ou le navigateur cache l’origine du formulaire (l’en-tête Origin).
trouble-other-session-title = Relisez, s’il vous plaît
trouble-other-session-cause = Le formulaire date d’une session antérieure, ou a déjà été envoyé avec d’autres valeurs. Rien n’a été fait.
trouble-other-session-next = Envoyez-le maintenant si c’est toujours ce que vous voulez.
trouble-unreadable-title = Formulaire illisible
trouble-unreadable-cause = Le formulaire est plus long que tous les nôtres, ou a été endommagé en route. Rien n’a été fait.
trouble-unreadable-next = Revenez en arrière et envoyez-en moins à la fois.

## Clients

customers-title = Clients
customers-filter = Partie du nom d’un client
customers-none = Il n’y a pas encore de client. L’émission d’une clé en crée un d’elle-même.
customers-none-found = Aucun client n’a « { $q } » dans son nom.
customer-new = Nouveau client
customer-new-title = Nouveau client
customer-name-hint = Tel qu’il doit figurer sur les clés et dans les listes. Les majuscules et les minuscules ne distinguent pas deux noms.
done-customer-added = { $customer } a été ajouté.

## Lists and pages

all = Tout
none-found = Rien ne correspond à votre demande.
page-before = Page précédente
as-csv = En CSV
as-table = La même chose en tableau
history = Historique
history-more = Plus ancien
because = Motif :
for-good = C’est irréversible.
see-current = Voir l’état actuel
copy = Copier
copied = Copié
all-is-well = Tout va bien
day = Jour
month = Mois
time = Heure
times = Fois
what = Quoi
who = Qui
subject = Avec quoi
from-day = À partir du
until-day = Jusqu’au
cause = Raison
state = État
reason-hint = Pour le journal d’audit. N’y nommez personne.

## States

state-active = Active
state-overlap = En cours de remplacement
state-working = Compte
state-superseded = Remplacée
state-revoked = Révoquée
state-scheduled = Prévu
state-running = En cours
state-grace = En période de grâce
state-expired = Expiré
state-suspended = Suspendu
state-terminated = Résilié
state-signs = Signe
state-retired = Retirée
state-whole = Intègre
state-whole-so-far = Intègre jusqu’ici
state-not-whole = Non intègre
about-scheduled = Il commence le { $day }.
about-grace = Il a pris fin le { $day } ; tout fonctionne encore jusqu’au { $until } inclus.
about-expired = Il a pris fin le { $day }.
about-suspended = Il est suspendu depuis le { $time }.
about-terminated = Il a été résilié définitivement le { $time }.
about-overlap = Une autre clé prend sa place ; celle-ci fonctionne jusqu’au { $time }.
about-superseded = Une autre clé a pris sa place ; elle ne fonctionne plus depuis le { $time }.
about-revoked = Elle a été révoquée le { $time }.
about-erased = Ce client a été effacé le { $time }. Son nom a disparu définitivement.

## Fields

field-offer = Offre
field-reason = Motif
field-title = Titre
field-reference = Référence
field-name = Nom
field-count = Durée
field-unit = En
field-begin-date = Premier jour
field-days = Jours
field-scopes = Droits
field-overlap-days = Jours de chevauchement
field-grace-days = Jours de grâce
field-q = Recherche
unit-years = années
unit-months = mois
unit-days = jours
customer-id = Identifiant du client
subscription-id = Identifiant de l’abonnement
subscription = Abonnement
key = Clé
key-id = Identifiant de la clé
token-id = Identifiant du jeton
first-day = Premier jour
last-day = Dernier jour
grace-until = Grâce jusqu’au
issued-on = Émise le
signing-key = Clé de signature
public-key = Clé publique
retired-at = Retirée le
replaced-by = Remplacée par
glpi-is-told = Ce que GLPI entend
next-end = Prochaine échéance
last-used = Dernier usage
scopes = Peut

## Dashboard

dashboard-title = Aujourd’hui
keys-ending = { $count ->
    [one] clé arrive à terme sous { $days } jours
   *[other] clés arrivent à terme sous { $days } jours
}
keys-in-grace = { $count ->
    [one] clé en période de grâce
   *[other] clés en période de grâce
}
keys-suspended = { $count ->
    [one] clé suspendue
   *[other] clés suspendues
}
refusals-lately = Refus des sept derniers jours
refusals-none = Rien n’a été refusé.
answers-title = Questions sur les clés, par jour
answers-none = Aucun GLPI n’a encore posé de question sur une clé.
answers-open = Ouvertes
answers-refused = Refusées
answers-ours = Sans réponse
renewals-title = Abonnements qui prennent fin, par mois
renewals-due = Prennent fin

## Customers

has-subscription = Avec un abonnement
customer-new-do = Ajouter le client
customer-erase = Effacer
customer-erase-title = Effacer un client
customer-erase-will = Le nom « { $customer } » devient un pseudonyme, les motifs notés à son sujet disparaissent, ses abonnements sont résiliés et ses clés révoquées.
customer-erase-do = Effacer le client
erase-reason-hint = Ce motif est conservé. N’y nommez personne.
customer-no-subscriptions = Pas encore d’abonnement.
customer-no-keys = Pas encore de clé.
done-customer-erased = Le client est effacé. { $customer } prend la place de son nom.

## Subscriptions

subscriptions-title = Abonnements
subscriptions-none = Il n’y a pas encore d’abonnement. Émettre une clé en crée un.
subscription-is = L’abonnement est
subscription-title = { $customer } — { $offer }
subscription-no-keys = Aucune clé n’a été émise pour lui.
ends-from = Fin à partir du
ends-until = Fin jusqu’au
subscription-renew = Renouveler
subscription-renew-title = Renouveler un abonnement
subscription-renew-will = L’abonnement de { $customer } à { $offer }, qui prend fin le { $ends }, continue à partir de là sans interruption. Ses clés restent les mêmes.
subscription-renew-lapsed-will = L’abonnement de { $customer } à { $offer } a pris fin le { $ends } et n’a plus cours : il recommence aujourd’hui. Ses clés restent les mêmes.
subscription-renew-do = Renouveler
subscription-suspend = Suspendre
subscription-suspend-title = Suspendre un abonnement
subscription-suspend-will = Les clés de { $customer } pour { $offer } n’ouvrent plus rien en moins d’une seconde, jusqu’à la reprise de l’abonnement.
subscription-suspend-do = Suspendre
subscription-resume = Reprendre
subscription-resume-title = Reprendre un abonnement
subscription-resume-will = Les clés de { $customer } pour { $offer } fonctionnent de nouveau en moins d’une seconde, jusqu’au { $ends }.
subscription-resume-do = Reprendre
subscription-terminate = Résilier
subscription-terminate-title = Résilier un abonnement
subscription-terminate-will = L’abonnement de { $customer } à { $offer } prend fin maintenant et définitivement. Ses clés n’ouvrent plus rien en moins d’une seconde.
subscription-terminate-do = Résilier définitivement
done-subscription-renew = Renouvelé. Le dernier jour est le { $ends }.
done-subscription-suspend = Suspendu.
done-subscription-resume = Repris. Le dernier jour est le { $ends }.
done-subscription-terminate = Résilié. Il aurait pris fin le { $ends }.

## Keys

keys-title = Clés
keys-none = Il n’y a pas encore de clé.
key-is = La clé est
key-title = Clé { $key }
key-issue = Émettre une clé
key-issue-title = Émettre une clé
key-issue-will = Le client et l’abonnement sont créés s’ils n’existent pas encore.
key-issue-do = Émettre la clé
key-customer-hint = Son nom ou son identifiant. Un nouveau nom crée un nouveau client.
first-day-hint = Année-mois-jour, par exemple 2027-02-28. Aujourd’hui si le champ reste vide.
count-hint = Si le champ reste vide, la clé va à l’abonnement que le client a déjà pour cette offre.
key-issued-title = La clé est émise
key-shown-title = La clé
key-reissued-title = La nouvelle clé est émise
key-text-for = Pour { $customer }, offre { $offer }.
key-text = Clé d’enregistrement
key-text-where = Le client la colle dans GLPI sur une seule ligne : Configuration > Générale > GLPI Network > Clé d’enregistrement.
key-file = En fichier
key-see = Vers la page de la clé
qr-title = La clé en code QR
mail-title = Courriel au client
mail-hint = Choisissez la langue du client et copiez.
key-reveal = Afficher la clé
key-reveal-title = Afficher une clé
key-reveal-will = Le texte de la clé de { $customer } ({ $offer }) est affiché. Que vous l’avez regardée est noté dans le journal d’audit.
key-reveal-do = Afficher la clé
key-reissue = Réémettre
key-reissue-title = Réémettre une clé
key-reissue-will = { $customer } reçoit une nouvelle clé pour { $offer } à la place de { $key }. L’ancienne fonctionne encore pendant les jours de chevauchement, puis s’éteint.
key-reissue-do = Émettre la nouvelle clé
overlap-hint = Pendant ce nombre de jours, les deux clés fonctionnent. 0 : l’ancienne s’éteint aussitôt.
key-revoke = Révoquer
key-revoke-title = Révoquer une clé
key-revoke-will = La clé { $key } de { $customer } ({ $offer }) ne fonctionne plus en moins d’une seconde, où qu’elle soit. L’abonnement reste tel quel.
key-revoke-do = Révoquer définitivement
done-key-revoked = La clé est révoquée.
last-questions = Dernières questions
questions-none = Personne n’a posé de question récemment.
questions-none-so = Aucune question récente sur l’une de nos clés n’a reçu cette réponse. Les textes qui ne sont pas des clés sont comptés, pas listés : ils n’appartiennent à personne.
asked-at = Posée
answer = Réponse
asked-from = Depuis l’adresse
asked-version = Version de GLPI
asked-instance = Identifiant d’instance
asked-times = Fois
times-since = { $times } depuis { $time }

## Offers

offers-title = Offres
offers-filter = Partie d’un titre ou d’une référence
running-subscriptions = Abonnements en cours
offer-new = Nouvelle offre
offer-new-title = Nouvelle offre
offer-new-do = Créer l’offre
offer-edit = Modifier
offer-edit-title = Modifier une offre
offer-edit-will = Les abonnements vendus gardent leur fin et leur période de grâce.
offer-edit-do = Enregistrer
grace-hint = Pendant ce nombre de jours après sa fin, un abonnement continue, avec un avertissement. De 0 à 366.
reference-hint = Telle que les plugins de GLPI la nomment : une minuscule, puis des minuscules, des chiffres, des tirets, des soulignés ou des points. Elle ne change jamais.
done-offer-saved = L’offre est enregistrée.

## Signing keys

signing-keys-title = Clés de signature
signing-key-title = Clé de signature { $key }
signing-key-signs = Elle signe les clés émises maintenant.
signing-key-retired = Elle ne signe plus. Les clés qu’elle a signées restent authentiques.
signing-key-rotate = Renouveler la signature
signing-key-rotate-title = Changer de clé de signature
signing-key-rotate-will = Une nouvelle clé de signature est créée et signe désormais à la place de { $key }. Les clés émises restent authentiques. Les plugins qui vérifient les clés hors ligne ont besoin de la nouvelle clé publique : ils la trouvent à /.well-known/latchkey-keys.json.
signing-key-rotate-do = Changer
done-signing-key-rotated = C’est désormais la clé de signature.

## API tokens

tokens-title = Jetons d’API
tokens-none = Il n’y a pas encore de jeton d’API.
token-new = Nouveau jeton
token-new-title = Nouveau jeton d’API
token-new-will = Le jeton s’affiche une seule fois, sur la page suivante.
token-new-do = Créer le jeton
token-name-hint = À quoi sert le jeton, par exemple « boutique en ligne ».
token-days-hint = Il compte pendant ce nombre de jours. Sans fin si le champ reste vide.
token-made-title = Le jeton est créé
token-text = Jeton d’API
token-text-once = Il ne sera plus affiché. Copiez-le maintenant là où il doit être.
token-see = Vers la page du jeton
token-until = Jusqu’au
never-ends = sans fin
never-used = jamais
token-revoke = Révoquer
token-revoke-title = Révoquer un jeton d’API
token-revoke-will = La prochaine requête avec « { $name } » est refusée.
token-revoke-do = Révoquer définitivement
done-token-revoked = Le jeton est révoqué.
scope-admin = tout, jetons compris
scope-customers-read = consulter les clients
scope-customers-write = ajouter des clients
scope-offers-read = consulter les offres
scope-offers-write = créer et modifier des offres
scope-subscriptions-read = consulter les abonnements
scope-subscriptions-write = renouveler, suspendre, reprendre et résilier des abonnements
scope-keys-read = consulter les clés, sans leur texte
scope-keys-issue = émettre et réémettre des clés
scope-keys-reveal = afficher de nouveau le texte des clés
scope-keys-revoke = révoquer des clés
scope-instances-read = consulter les instances et leurs transferts
scope-instances-write = déclarer, libérer, approuver et refuser des instances
scope-trials-read = consulter les essais
scope-trials-write = prolonger des essais et les transformer en abonnements
scope-signing-keys-read = consulter les clés de signature
scope-signing-keys-rotate = changer de clé de signature
scope-audit-read = lire et vérifier le journal d’audit
scope-enrollment-read = consulter les clés d’enrôlement
scope-enrollment-write = créer, suspendre, rétablir, révoquer et renouveler des clés d’enrôlement
scope-agents-read = consulter les agents
scope-agents-write = approuver des agents, les exclure, les laisser entrer à nouveau
scope-queue-read = consulter ce qui attend un GLPI
scope-queue-write = le faire réessayer, ou le retirer

## Audit log

audit-title = Journal d’audit
audit-none-here = Aucune des lignes examinées ne convient. Il y en a d’autres : continuez.
audit-verify = Vérifier
audit-verify-title = Le journal d’audit est-il intègre ?
audit-whole = Chaque ligne, la fin du journal et chaque tête signée concordent.
audit-whole-so-far = Chaque ligne jusqu’ici concorde ; il y en a d’autres.
audit-verify-on = Continuer
audit-not-whole = Le journal n’est pas tel qu’il a été écrit. Comparez-le à une sauvegarde et aux têtes exportées, et cherchez qui a eu accès à la base de données.
audit-heads-elsewhere = Les têtes conservées hors de la base sont comparées en ligne de commande : latchkey audit verify.
audit-rows = Lignes
audit-heads = Têtes signées
audit-erased = Motifs effacés
audit-at-row = À la ligne
action-customer-add = Client ajouté
action-customer-erase = Client effacé
action-subscription-create = Abonnement créé
action-subscription-renew = Abonnement renouvelé
action-subscription-suspend = Abonnement suspendu
action-subscription-resume = Abonnement repris
action-subscription-terminate = Abonnement résilié
action-subscription-set-seats = Places fixées
action-instance-bind = Instance rattachée
action-instance-declare = Environnement déclaré
action-instance-release = Instance libérée
action-instance-approve = Instance approuvée
action-instance-refuse = Instance refusée
action-instance-give-back = Place rendue
action-instance-seen-twice = Semble être deux
action-move-open = Transfert commencé
action-move-old-one-asked = Ancienne instance entendue
action-move-end = Transfert terminé
action-plugin-activate = Plugin activé
action-plugin-deactivate = Plugin désactivé
action-trial-begin = Essai commencé
action-trial-extend = Essai prolongé
action-trial-subscribe = Essai transformé en abonnement
action-key-issue = Clé émise
action-key-show = Clé affichée
action-key-reissue = Clé réémise
action-key-revoke = Clé révoquée
action-offer-set = Offre enregistrée
action-signing-key-create = Clé de signature créée
action-signing-key-rotate = Clé de signature changée
action-token-create = Jeton d’API créé
action-token-revoke = Jeton d’API révoqué
action-installation-create = Installation créée
action-clock-acknowledge = Horloge confirmée
action-operator-add = Opérateur ajouté
action-operator-change-role = Rôle changé
action-operator-disable = Opérateur désactivé
action-operator-enable = Opérateur réactivé
action-operator-reset = Opérateur réinitialisé
action-operator-link = Lien créé
action-operator-first-link = Lien d’installation créé
action-operator-set-password = Mot de passe choisi
action-operator-sign-in = Connexion
action-operator-sign-out = Déconnexion
action-operator-second-factor-on = Second facteur activé
action-operator-second-factor-off = Second facteur désactivé
action-operator-recovery-codes = Codes de secours créés
action-operator-recovery-code-used = Code de secours utilisé
fact-subscription = abonnement
fact-customer = client
fact-offer = offre
fact-begin-date = premier jour
fact-end-date = dernier jour
fact-end-date-before = dernier jour auparavant
fact-by = par
fact-until = jusqu’au
fact-replaces = remplace
fact-title = titre
fact-grace-days = jours de grâce
fact-scopes = peut
fact-expires-at = jusqu’au
fact-environment = environnement
fact-from = de
fact-to = vers
fact-key = clé
fact-outcome = issue
fact-plugin = plugin
fact-since = depuis
fact-state = état
fact-until-before = jusqu’au, auparavant
fact-seats = places
fact-seats-before = places auparavant
fact-returns = retours
search-none = Rien n’a été trouvé. Les identifiants se cherchent par leurs six premiers caractères au moins, les clients par une partie quelconque de leur nom.

## Le compte de l’opérateur

account-title = Votre compte
account-sign-in = Connexion
on = Activé
off = Désactivé
yes = Oui
no = Non
never = Jamais
role = Rôle
second-factor = Second facteur
field-password-now = Mot de passe actuel
password-title = Changer le mot de passe
password-will = Toutes vos autres sessions se terminent. Celle où vous êtes continue.
password-do = Changer le mot de passe
done-password = Votre mot de passe a été changé et vos autres sessions sont terminées.
second-factor-begin = Configurer un second facteur
second-factor-title = Configurer un second facteur
second-factor-how = Scannez ceci avec une application d’authentification sur votre téléphone. Ensuite, vous vous connectez avec votre mot de passe et un code que l’application affiche.
second-factor-picture = QR code pour l’application d’authentification
second-factor-typed = Ou saisissez ceci dans l’application :
second-factor-code-hint = Les six chiffres que l’application affiche maintenant.
second-factor-do = L’activer
second-factor-off-title = Désactiver le second facteur
second-factor-off-will = Ensuite, votre mot de passe seul ouvre votre compte. Vos codes de secours n’ouvrent plus rien.
second-factor-off-do = Le désactiver
done-second-factor-off = Le second facteur est désactivé.
recovery-codes-title = Nouveaux codes de secours
recovery-codes-will = Dix nouveaux codes sont créés. Ceux que vous avez n’ouvrent plus rien.
recovery-codes-do = Créer de nouveaux codes
recovery-codes-made = Vos codes de secours
recovery-codes-how = Chacun d’eux ouvre votre compte une fois, à la place d’un code de l’application : pour le jour où le téléphone est perdu. Ils ne seront plus affichés. Imprimez-les ou conservez-les dans un gestionnaire de mots de passe.
recovery-codes-kept = Je les ai conservés
recovery-codes-left = { $count ->
    [one] Il reste { $shown } code de secours
   *[other] Il reste { $shown } codes de secours
}
sessions-title = Où vous êtes connecté
session-browser = Navigateur
session-address = Adresse
session-seen = Vue la dernière fois
session-this = Celle-ci
session-end = La terminer
sessions-end-others = Terminer toutes les autres
done-session-ended = La session est terminée.

## Opérateurs

operators-title = Opérateurs
operator = Opérateur
operator-id = Identifiant de l’opérateur
operator-new = Nouvel opérateur
operator-new-title = Nouvel opérateur
operator-new-will = Vous recevrez un lien à transmettre. Avec lui, une fois et en moins d’un jour, le nouvel opérateur choisit un mot de passe.
operator-new-do = Ajouter l’opérateur
operator-link-title = Un lien à transmettre
operator-link-how = Donnez ceci à { $email }, par un moyen que lui seul peut lire. Le lien s’ouvre une fois, jusqu’au { $until }, et ne sera plus affiché.
operator-see = Vers l’opérateur
operator-role = Rôle
operator-role-title = Changer le rôle
operator-role-will = Ceci change ce que { $email } peut faire, dès la page suivante.
operator-role-do = Changer le rôle
operator-disable = Désactiver
operator-disable-title = Désactiver un opérateur
operator-disable-will = { $email } ne peut plus se connecter et est déconnecté partout. Le compte peut être réactivé.
operator-disable-do = Désactiver l’opérateur
operator-enable = Réactiver
operator-enable-title = Réactiver un opérateur
operator-enable-will = { $email } peut se connecter à nouveau, avec le mot de passe et le second facteur d’avant.
operator-enable-do = Réactiver l’opérateur
operator-reset = Réinitialiser
operator-reset-title = Réinitialiser un opérateur
operator-reset-will = Pour { $email }, qui a perdu un mot de passe ou un téléphone : le mot de passe et le second facteur disparaissent, toutes les sessions se terminent, et vous recevrez un lien avec lequel un autre mot de passe est choisi. D’ici là, personne ne peut se connecter à ce compte.
operator-reset-do = Réinitialiser l’opérateur
signed-in = Connecté
state-disabled = Désactivé
state-invited = Invité
role-hint = Chaque rôle peut aussi ce que peuvent ceux d’en dessous.
role-owner-may = Peut tout : aussi gérer les opérateurs et les jetons d’API, renouveler la clé de signature et effacer des clients.
role-manager-may = Vend : ajoute des clients, émet et révoque des clés, renouvelle, suspend et résilie des abonnements, modifie les offres.
role-support-may = Aide : affiche à nouveau une clé et la réémet.
role-auditor-may = Regarde tout et ne change rien.
done-operator-role = Le rôle a été changé.
done-operator-disabled = L’opérateur ne peut plus se connecter.
done-operator-enabled = L’opérateur peut se connecter à nouveau.
