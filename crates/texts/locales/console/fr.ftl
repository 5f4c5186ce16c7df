## Le cadre de chaque page

skip-to-content = Aller au contenu
menu = Menu
nav-subscriptions = Abonnements
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
customer-add = Ajouter le client
customer-name-hint = Tel qu’il doit figurer sur les clés et dans les listes. Les majuscules et les minuscules ne distinguent pas deux noms.
done-customer-added = { $customer } a été ajouté.
