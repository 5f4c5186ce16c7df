## Comment s’appellent les chapitres et les étiquettes

chapter-folder = Le dossier de GLPI
chapter-php = PHP (extensions et magasin de certificats)
chapter-road = Le chemin vers le service
chapter-time = L’heure
chapter-key = La clé, telle qu’elle a été donnée
chapter-verdict = La clé, auprès de son service
chapter-host = Ce Latchkey
label-view = vu par
label-why = pourquoi c’est important
label-next = que faire
view-program = ce programme, en tant que { $user }
view-php = PHP en ligne de commande, en tant que { $user }
view-web-user = l’utilisateur du serveur web, { $user }
view-computed = ce programme, d’après propriétaire et mode : seul root peut regarder en tant que { $user }
view-service = le service
sum-clean = Rien d’anormal : { $fine } vérifications réussies.
sum-faults = Erreurs : { $errors }. Avertissements : { $warnings }. Commencez par la première ; une panne en cause souvent d’autres.
working = Vérification : { $what }
page-title = Dépannage
page-intro = Toutes les pannes que `latchkey doctor` sait nommer, dans l’ordre où il regarde : d’abord ce qui est rapide, puis ce qui attend un réseau. Sur un serveur GLPI, lancez `latchkey doctor --glpi /var/www/glpi --key -`, qui lit la clé sur son entrée ; sur la machine d’un Latchkey, lancez `latchkey doctor`. Cette page est faite des textes mêmes du docteur par `latchkey doctor --explain` ; ce qui diffère d’un cas à l’autre est en capitales.
page-key-damage = Ce qui ne va pas dans le texte d’une clé est dit avec les mêmes mots que dans l’onglet de GLPI ; les nombres sont ici des exemples.

## Ce qui a été vu là où rien n’est anormal

skipped-after = Non vérifié : cela dépend de « { $check } », qui vient d’abord.
skipped-no-php = Non vérifié : PHP en ligne de commande n’est pas là. Installez le paquet php-cli, ou indiquez le programme avec --php, pour voir ce que voit PHP.
skipped-no-key = Non vérifié : aucune clé n’a été donnée (--key CLÉ, ou --key - pour la coller).
skipped-no-url = Non vérifié : on ne sait pas quel service est interrogé.
skipped-no-date = Non vérifié : la réponse ne dit pas quelle heure il est.
skipped-no-tls = Non vérifié : la connexion n’est pas chiffrée, il n’y a donc pas de certificat.
skipped-no-web-user = Non vérifié : l’utilisateur du serveur web n’est pas connu.
skipped-no-certificate = Non vérifié : aucun certificat n’est configuré (tls_cert) ; un proxy placé devant ce Latchkey parle TLS.
skipped-no-public-url = Non vérifié : aucune URL publique n’est configurée (public_url).
skipped-no-extension = Non vérifié : PHP n’a pas l’extension curl.
skipped-not-latchkey = Non vérifié : le service ne publie pas de clés de signature, ce n’est donc pas un Latchkey ; seul son propre verdict compte.
skipped-foreign-key = Non vérifié : c’est une clé d’enregistrement, mais pas d’un Latchkey ; seul le service qui l’a émise sait la lire.
skipped-by-system = Non vérifié : { $path } ne peut pas être lu ici ({ $cause }). Lancez ce programme en tant que root.

saw-version = GLPI { $version }, une branche maintenue.
saw-version-newer = GLPI { $version }, plus récent que ce que ce programme connaît.
saw-web-user = Le serveur web tourne en tant que { $user }.
saw-web-user-owner = Aucun serveur web ne tourne ici ; ses fichiers appartiennent à { $user }, pris pour son utilisateur.
saw-web-user-usual = Aucun serveur web ne tourne ici, et root possède les fichiers de GLPI ; { $user } est pris pour son utilisateur, comme d’habitude (--web-user en nomme un autre).
saw-web-user-given = L’utilisateur du serveur web est { $user }, comme indiqué par --web-user.
saw-config = { $file } est là, et pour le serveur web seul.
saw-crypt-key = { $file } a bien ses 32 octets.
saw-local-define-none = Il n’y a pas de { $file }, ce qui n’est pas une panne : GLPI interroge alors le service de son éditeur.
saw-local-define = PHP lit { $file } sans faute.
saw-local-define-unchecked = { $file } est là ; sans PHP, sa syntaxe ne peut pas être vérifiée.
saw-services = Ce GLPI interroge { $url } sur les clés et les plugins, selon ses réglages évalués par PHP.
saw-services-read = Ce GLPI interroge { $url } sur les clés et les plugins, selon ses réglages tels qu’ils se lisent ; sans PHP ils ne peuvent pas être évalués.
saw-services-default = Ce GLPI interroge { $url }, le service de son éditeur : aucun réglage ne dit autre chose.
saw-folders = Les { $count } dossiers sont tous là.
saw-folders-writable = { $user } peut écrire dans chacun d’eux.
saw-folders-closed = Aucun n’est ouvert en écriture à tous.
saw-plugins-not-under-git = Aucun plugin n’est sous contrôle de version.
saw-disk = { $free } libres là où se trouve { $path }.
saw-log-none = Il n’y a pas de { $file } : rien n’a été journalisé.
saw-log-quiet = { $file } ne dit rien de l’enregistrement.
saw-log-old = { $file } a des lignes sur l’enregistrement, la dernière du { $last } : plus d’un jour.
saw-php = PHP { $version } ({ $program }, { $ini }). PHP-FPM peut lire un autre php.ini.
saw-php-extensions = curl, sodium, openssl et json sont là.
saw-php-archive-extensions = zlib, bz2, zip et Phar sont là.
saw-php-trust-unset = PHP utilise le magasin de certificats du système : ses réglages n’en nomment pas d’autre.
saw-php-trust-set = PHP utilise le magasin de certificats { $file }, qui se lit.
saw-php-trust = Avec { $file }, qu’utilise PHP, le certificat est reconnu.
saw-php-trust-system = PHP utilise le magasin de certificats du système : ses réglages n’en nomment pas d’autre, c’est donc celui-là qui juge.
saw-php-road = PHP obtient les réponses du service, en { $millis } ms.
saw-php-same = PHP rencontre la même chose ({ $cause }).
saw-php-only = PHP obtient les réponses du service, en { $millis } ms, alors que ce programme ne les obtient pas.
saw-proxy-none = L’environnement ne nomme aucun proxy.
saw-proxy-over-tls = { $variable } nomme le proxy { $proxy }, auquel on parle en TLS. Ce programme ne le fait pas : seul PHP essaie le chemin, plus bas.
saw-proxy-bypassed = L’environnement nomme un proxy, mais pas pour { $host } (no_proxy).
saw-proxy = { $variable } nomme le proxy { $proxy }. PHP-FPM ne voit généralement pas cette variable ; GLPI a son propre réglage dans Configuration > Générale > Proxy.
saw-resolved = { $host } est { $addresses }, trouvé en { $millis } ms.
saw-resolved-literal = { $host } est une adresse, aucun nom n’est donc à chercher.
saw-connected = { $addresses } répond en { $millis } ms.
saw-no-family = { $host } n’a pas d’adresse { $kind }, ce qui n’est pas une panne.
saw-no-route = Cette machine n’a pas de chemin vers les adresses IPv6 et passe par IPv4, ce qui n’est pas une panne.
saw-tls = { $version } ; le certificat de { $subject }, émis par { $issuer }, vaut jusqu’au { $date } ({ $days } jours).
saw-plain = Sans TLS, à l’intérieur de cette machine.
saw-http = { $url } répond { $status } en { $millis } ms.
saw-info-answered = { $url } répond comme GLPI en a besoin, en { $millis } ms.
saw-clock = Cette horloge et celle de { $host } diffèrent de { $seconds } s.
saw-key-whole = La clé est entière : { $key }, émise le { $issued }.
saw-key-signed = La signature est bonne : signée avec { $signer }, éditeur { $publisher }.
saw-key-good = Le service dit : { $message }
why-key-damaged = GLPI envoie la clé telle qu’elle a été collée, sans jamais l’examiner ; une clé qui n’est pas entière est refusée par tout service.
why-key-unsigned = Une clé que l’éditeur de ce service n’a pas signée est refusée par lui.

saw-configuration = Les réglages se lisent ({ $place }).
saw-data-dir = { $dir } est là, pour son propriétaire seul.
saw-database = { $database } répond en { $millis } ms.
saw-schema = Le schéma est { $schema }, celui de ce programme.
saw-master-key = La clé maîtresse d’empreinte { $fingerprint } ouvre cette base.
saw-certificate = Le certificat de { $subject } et sa clé vont ensemble ; il vaut jusqu’au { $date } ({ $days } jours).
saw-clock-host = L’horloge n’est pas en retard sur ce qui est enregistré.
saw-backup = La dernière sauvegarde est { $file }, du { $date }.
saw-public-url = { $url } mène à ce Latchkey, en { $millis } ms.

log-dns = GLPI n’a pas pu chercher le nom du service.
log-connect = GLPI n’a pas pu se connecter au service.
log-timeout = Le service n’a pas répondu à temps à GLPI.
log-certificate = GLPI n’a pas cru le certificat du service.
log-html = GLPI a reçu une page web au lieu d’une réponse : un proxy, un portail ou une mauvaise adresse.
log-unavailable = Le service a dit qu’il ne pouvait pas répondre à ce moment-là.
log-other = GLPI n’a reçu aucune réponse qu’il puisse lire.

## Le dossier de GLPI

glpi-version-unknown =
    .title = Version de GLPI inconnue
    .seen = Ni { $dir }/version ni les fichiers mêmes de GLPI ne disent quelle version c’est.
    .why = Un GLPI copié à moitié se comporte d’une façon qu’aucune documentation ne décrit.
    .next = Décompressez à nouveau l’archive de votre version de GLPI par-dessus le dossier ; elle apporte le fichier version/NUMÉRO.

glpi-version-ended =
    .title = GLPI n’est plus maintenu
    .seen = C’est GLPI { $version }, dont la branche ne reçoit plus de corrections.
    .why = L’enregistrement fonctionne encore, mais les failles connues restent ouvertes et les nouveaux plugins ne sont pas faits pour elle.
    .next = Prévoyez une mise à jour vers une branche maintenue, 10.0 ou 11.0.

glpi-version-too-old =
    .title = GLPI trop ancien pour les clés
    .seen = C’est GLPI { $version }, qui n’a pas encore de clés d’enregistrement.
    .why = Les clés et le marketplace sont venus avec GLPI 9.5 ; celui-ci n’interroge jamais aucun service.
    .next = Passez à une branche maintenue, 10.0 ou 11.0.

web-user-unknown =
    .title = Utilisateur du serveur web inconnu
    .seen = Aucun serveur web ne tourne ici, les fichiers de GLPI appartiennent à root, et aucun des comptes habituels (www-data, apache, nginx) n’existe.
    .why = Ce que GLPI peut lire et écrire dépend de l’utilisateur sous lequel tourne son serveur web.
    .next = Indiquez-le, par exemple : --web-user www-data

glpi-not-installed =
    .title = GLPI n’est pas installé
    .seen = { $file } n’est pas là.
    .why = Sans lui, GLPI ne connaît pas sa base de données et affiche son installation au lieu de vos données.
    .next = Remettez le fichier depuis votre sauvegarde, ou terminez l’installation de GLPI dans le navigateur.

glpi-config-unreadable =
    .title = Réglages de la base illisibles
    .seen = { $user } ne peut pas lire { $file }.
    .why = GLPI ne connaît alors pas sa base de données, et affiche une page d’erreur ou son installation.
    .next = Donnez-le à l’utilisateur du serveur web : `{ $command }`

glpi-config-open =
    .title = Mot de passe de la base ouvert à tous
    .seen = { $file } a le mode { $mode } : tout utilisateur de cette machine peut lire le mot de passe de la base.
    .why = Qui a ce mot de passe a tout, y compris les secrets chiffrés.
    .next = Fermez-le : `{ $command }`

glpi-crypt-key-missing =
    .title = La clé de chiffrement de GLPI manque
    .seen = { $file } n’est pas là.
    .why = GLPI ne peut déchiffrer aucun secret enregistré : le champ de la clé d’enregistrement est vide, les mots de passe de messagerie et LDAP sont perdus.
    .next = Remettez { $file } depuis la sauvegarde qui va avec cette base, 32 octets ; seulement s’il n’y en a pas, laissez GLPI en faire une nouvelle, puis saisissez à nouveau chaque secret dans GLPI : `{ $command }`

glpi-crypt-key-length =
    .title = La clé de chiffrement de GLPI n’a pas la bonne longueur
    .seen = { $file } a { $length } octets au lieu de 32 : il a été coupé ou édité, ou copié comme du texte.
    .why = GLPI ne peut déchiffrer aucun secret enregistré : le champ de la clé d’enregistrement est vide, les mots de passe de messagerie et LDAP sont perdus.
    .next = Remettez { $file } depuis la sauvegarde qui va avec cette base, 32 octets, copiés en binaire ; seulement s’il n’y en a pas, laissez GLPI en faire une nouvelle, puis saisissez à nouveau chaque secret dans GLPI : `{ $command }`

glpi-crypt-key-unreadable =
    .title = La clé de chiffrement de GLPI est illisible
    .seen = { $user } ne peut pas lire { $file }.
    .why = GLPI ne peut déchiffrer aucun secret enregistré : le champ de la clé d’enregistrement est vide, les mots de passe de messagerie et LDAP sont perdus.
    .next = Donnez-le à l’utilisateur du serveur web : `{ $command }`

glpi-crypt-key-open =
    .title = La clé de chiffrement de GLPI est ouverte à tous
    .seen = { $file } a le mode { $mode } : tout utilisateur de cette machine peut le lire.
    .why = Avec une copie de la base, elle ouvre tous les secrets enregistrés, y compris la clé d’enregistrement.
    .next = Fermez-le : `{ $command }`

local-define-syntax =
    .title = Faute dans local_define.php
    .seen = PHP ne peut pas lire { $file }, ligne { $line } : { $message }
    .why = GLPI inclut ce fichier en tout premier ; s’il contient une faute, GLPI ne démarre pas.
    .next = Corrigez la ligne { $line } de { $file } (souvent un guillemet ou un point-virgule manquant à la fin de la ligne précédente) ; chaque ligne s’écrit define('NOM', 'valeur');

local-define-unreadable =
    .title = local_define.php illisible
    .seen = { $user } ne peut pas lire { $file }.
    .why = GLPI inclut ce fichier en tout premier ; s’il ne peut pas le lire, il s’arrête ou ignore ses réglages.
    .next = Donnez-le à l’utilisateur du serveur web : `{ $command }`

services-elsewhere =
    .title = GLPI interroge un autre service
    .seen = Ce GLPI interroge { $effective }, et non { $wanted }.
    .why = Une clé ne compte que pour le service du fournisseur qui l’a émise ; tout autre la refuse.
    .next = Faites interroger celui-là par GLPI, par une ligne dans { $file } (enlevez-en une plus ancienne du même nom) : `{ $command }`

services-split =
    .title = Clés et plugins sont demandés à deux endroits
    .seen = Ce GLPI interroge { $url } sur les clés, mais { $plugins } sur les plugins.
    .why = Chaque endroit juge la clé pour lui-même : la marketplace reste fermée là où seul l’autre la connaît.
    .next = Si ce n’est pas voulu, faites interroger un seul endroit, par une ligne dans { $file } : `{ $command }`

services-malformed =
    .title = Adresse du service inutilisable
    .seen = Le réglage { $setting } est « { $value } ».
    .why = GLPI ajoute ses chemins derrière ce texte tel quel ; avec un blanc, une barre oblique ou un chemin de trop il demande des pages qui n’existent pas.
    .next = Dans { $file }, écrivez l’adresse « { $wanted } », avec http:// ou https:// et rien derrière ce qui est montré ici : `{ $command }`

glpi-folders-missing =
    .title = Des dossiers de GLPI manquent
    .seen = Absents : { $folders }.
    .why = GLPI y garde sessions, cache, journaux et téléchargements ; sans eux des pages échouent ou des changements sont perdus.
    .next = Créez-les : `{ $command }`

glpi-folders-not-writable =
    .title = GLPI ne peut pas écrire là où il le doit
    .seen = { $user } ne peut pas modifier : { $folders }.
    .why = GLPI ne peut y garder ni sessions, ni cache, ni journaux, ni téléchargements ; c’est fréquent après une restauration, ou après bin/console, en tant que root.
    .next = Donnez-les à l’utilisateur du serveur web : `{ $command }`

glpi-folders-open =
    .title = Ouvert à tous
    .seen = Tout utilisateur de cette machine peut modifier : { $folders }.
    .why = Qui peut y écrire peut mettre du code dans GLPI et lire le mot de passe de sa base.
    .next = Fermez-les : `{ $command }`

plugins-under-git =
    .title = Plugins sous contrôle de version
    .seen = Ces plugins ont un dossier .git : { $plugins }.
    .why = Le marketplace de GLPI ne met jamais à jour un tel plugin, et n’en dit rien.
    .next = Si le plugin doit venir du marketplace, écartez le dossier .git : `{ $command }`

disk-full =
    .title = Disque plein
    .seen = Seulement { $free } libres là où se trouve { $path }.
    .why = Sur un disque plein, les sessions, les journaux, les téléchargements et les changements de la base sont perdus.
    .next = Faites-y de la place, par exemple en supprimant d’anciennes sauvegardes et d’anciens journaux, ou agrandissez le disque.

disk-low =
    .title = Peu de place sur le disque
    .seen = Seulement { $free } libres là où se trouve { $path }.
    .why = Sur un disque plein, les sessions, les journaux, les téléchargements et les changements de la base sont perdus.
    .next = Faites-y de la place avant qu’il ne soit plein, ou agrandissez le disque.

log-failures =
    .title = GLPI a journalisé des enregistrements échoués
    .seen = { $file } a { $count } entrées de ce genre du dernier jour, la plus récente du { $last } : { $lines }
    .why = { $explained }
    .next = Si autre chose est nommé ici, corrigez-le d’abord ; ouvrez ensuite Configuration > Générale > GLPI Network dans GLPI : aucune nouvelle ligne ne doit apparaître, et ce message disparaît en moins de deux jours.

## PHP

php-fails =
    .title = PHP ne fonctionne pas
    .seen = { $program } a été lancé et a échoué : { $cause }
    .why = Les tâches de fond de GLPI utilisent ce programme, et on ne peut rien dire de ce que voit PHP.
    .next = Lancez-le à la main et corrigez ce qu’il dit : `{ $program } -v`

php-too-old =
    .title = PHP trop ancien pour ce GLPI
    .seen = C’est PHP { $version } ; GLPI { $glpi } demande { $least } ou plus.
    .why = GLPI ne démarre pas avec lui.
    .next = Installez PHP { $least } ou plus, pour le serveur web et pour la ligne de commande.

php-extension-missing =
    .title = Il manque à PHP une extension nécessaire aux clés
    .seen = Absentes : { $extensions } (réglages : { $ini }).
    .why = Sans elles GLPI ne peut ni interroger le service ni déchiffrer la clé enregistrée.
    .next = Installez-les et activez-les, puis redémarrez PHP : `{ $command }`

php-archive-extension-missing =
    .title = Il manque à PHP une extension pour les archives
    .seen = Absentes : { $extensions } (réglages : { $ini }).
    .why = Les plugins arrivent en archives ; sans elles, certaines ne peuvent pas être décompressées.
    .next = Installez-les et activez-les, puis redémarrez PHP : `{ $command }`

php-trust-file =
    .title = Le magasin de certificats de PHP n’est pas là
    .seen = { $setting } dans { $ini } nomme { $file } : { $cause }.
    .why = PHP ne croit alors aucun certificat, et GLPI n’atteint aucun service.
    .next = Corrigez le chemin dans { $ini }, ou enlevez la ligne { $setting } pour que PHP utilise le magasin du système ; redémarrez ensuite PHP.

php-trust-issuer =
    .title = PHP ne croit pas le certificat
    .seen = Avec { $file }, qu’utilise PHP ({ $setting } dans { $ini }), le certificat du service n’est pas reconnu : { $issuer } n’y est pas. Avec le magasin du système il l’est.
    .why = GLPI interroge avec le magasin de PHP ; il refuse la connexion alors que d’autres programmes l’acceptent.
    .next = Enlevez { $setting } de { $ini } pour que PHP utilise le magasin du système, ou ajoutez le certificat de l’autorité à { $file } ; redémarrez ensuite PHP.

php-road =
    .title = PHP n’atteint pas le service
    .seen = PHP, en tant que { $user }, n’obtient pas la réponse de { $url } : { $cause }.
    .why = GLPI interroge le service avec PHP ; ce que d’autres programmes peuvent faire ne l’aide pas.
    .next = Cherchez ce qui diffère pour PHP ou pour cet utilisateur : un proxy, des fonctions désactivées dans php.ini, une règle de pare-feu par utilisateur, ou SELinux, où ceci ouvre le chemin : `setsebool -P httpd_can_network_connect on`

## Le chemin vers le service

proxy-malformed =
    .title = Réglage du proxy incompris
    .seen = La variable d’environnement { $variable } est « { $value } », ce qui n’est pas l’adresse d’un proxy.
    .why = Tout ce qui passe par ce proxy échoue avant de quitter cette machine.
    .next = Donnez-lui une adresse comme http://proxy.example.org:3128, ou supprimez-la : `unset { $variable }`

proxy-unreachable =
    .title = Proxy injoignable
    .seen = Le proxy { $proxy }, que nomme { $variable }, ne peut pas être joint : { $cause }.
    .why = Tout passe par lui, donc rien n’arrive.
    .next = Démarrez le proxy ou corrigez son adresse ; si cette machine n’en a pas besoin, supprimez le réglage : `unset { $variable }`

proxy-authentication =
    .title = Le proxy demande un mot de passe
    .seen = Le proxy { $proxy }, que nomme { $variable }, veut savoir qui demande (407, ou la même chose en SOCKS).
    .why = Sans un nom et un mot de passe qu’il connaît, il ne laisse rien passer.
    .next = Mettez le nom et le mot de passe dans le réglage : `export { $variable }={ $scheme }://USER:PASSWORD@{ $proxy }` et dans GLPI sous Configuration > Générale > Proxy

proxy-unnamed =
    .title = Un proxy que personne n’a nommé demande un mot de passe
    .seen = { $url } répond 407, alors que l’environnement ne nomme aucun proxy : quelque chose en chemin veut savoir qui demande.
    .why = Sans un nom et un mot de passe qu’il connaît, il ne laisse rien passer, les requêtes de GLPI non plus.
    .next = Demandez à qui gère le réseau de laisser passer cette machine, ou quel proxy utiliser, et nommez-le : dans l’environnement (https_proxy, http_proxy) et dans GLPI sous Configuration > Générale > Proxy.

proxy-refuses =
    .title = Le proxy ne laisse pas passer
    .seen = Le proxy { $proxy }, que nomme { $variable }, refuse le chemin vers { $host } avec le statut { $status }.
    .why = Les requêtes de GLPI s’arrêtent au proxy.
    .next = Demandez à qui gère le proxy d’autoriser { $host } ; si cette machine peut y aller directement : `export no_proxy={ $host }`

dns-timeout =
    .title = Le serveur de noms ne répond pas
    .seen = Personne n’a dit en { $seconds } s quelle adresse a { $host }. Interrogés : { $servers }.
    .why = Sans adresse, pas de connexion ; GLPI attend à chaque page qui montre le marketplace, puis abandonne.
    .next = Remplacez les serveurs de noms dans /etc/resolv.conf par d’autres qui répondent ; `getent ahosts { $host }` répond alors aussitôt.

dns-failed =
    .title = Nom non trouvé
    .seen = L’adresse de { $host } n’a pas pu être cherchée : { $cause }. Interrogés : { $servers }.
    .why = Sans adresse, pas de connexion.
    .next = Remplacez les serveurs de noms dans /etc/resolv.conf par d’autres qui répondent ; `getent ahosts { $host }` répond alors aussitôt.

dns-name-unknown =
    .title = Nom inconnu
    .seen = Les serveurs de noms ne connaissent aucune adresse de { $host }.
    .why = Sans adresse, pas de connexion.
    .next = Vérifiez comment { $host } est écrit dans local_define.php (pour l’adresse d’un Latchkey : public_url) ; si c’est juste, demandez à qui gère le service, ou votre réseau, de faire connaître le nom.

dns-slow =
    .title = Serveur de noms lent
    .seen = Il a fallu { $millis } ms pour apprendre l’adresse de { $host }. Interrogés : { $servers }.
    .why = GLPI attend aussi longtemps chaque fois qu’il interroge le service, et abandonne si cela dure plus.
    .next = Enlevez de /etc/resolv.conf les serveurs de noms qui répondent tard ou pas du tout ; le premier est interrogé d’abord.

tcp-refused =
    .title = Port refusé
    .seen = { $address } refuse la connexion : la machine est là, mais rien n’écoute sur ce port.
    .why = Le service ne tourne pas, ou l’adresse a un mauvais port.
    .next = Vérifiez le port dans local_define.php (pour l’adresse d’un Latchkey : public_url) ; qui gère { $host } démarre le service et ouvre le port.

tcp-timeout =
    .title = Aucune réponse de l’adresse
    .seen = { $address } n’a pas répondu en { $seconds } s : les paquets disparaissent en chemin.
    .why = Un pare-feu les jette, ou la machine est absente ; GLPI attend et abandonne.
    .next = Faites ouvrir dans les pare-feux le chemin de cette machine vers { $address }, et vérifiez que { $host } tourne et a cette adresse.

tcp-unreachable =
    .title = Aucun chemin vers l’adresse
    .seen = { $address } ne peut pas être joint : { $cause }.
    .why = Cette machine ne connaît aucun chemin jusque-là.
    .next = Vérifiez le réseau et les routes de cette machine, et que { $host } doit avoir cette adresse : `ip route get { $ip }`

ipv4-dead =
    .title = IPv4 annoncé, mais mort
    .seen = { $host } a les adresses IPv4 { $addresses }, et aucune ne répond ({ $cause }) ; IPv6 répond.
    .why = Les programmes qui essaient d’abord IPv4 attendent ou échouent.
    .next = Qui gère { $host } fait répondre le service à ces adresses, ou enlève les enregistrements A de la zone du nom.

ipv6-dead =
    .title = IPv6 annoncé, mais mort
    .seen = { $host } a les adresses IPv6 { $addresses }, et aucune ne répond ({ $cause }) ; IPv4 répond.
    .why = Les programmes qui essaient d’abord IPv6 attendent ou échouent ; GLPI devient lent sans message d’erreur.
    .next = Qui gère { $host } fait répondre le service à ces adresses, ou enlève les enregistrements AAAA de la zone du nom.

not-encrypted =
    .title = Connexion non chiffrée
    .seen = L’adresse est { $url }, sans TLS.
    .why = Qui peut écouter en chemin lit la clé d’enregistrement.
    .next = Faites parler TLS au service, et écrivez https:// dans local_define.php.

trust-store-missing =
    .title = Aucun magasin de certificats
    .seen = Cette machine n’a de certificats d’autorités à aucun de ces endroits : { $places }.
    .why = Aucun certificat ne peut être vérifié, donc aucune connexion chiffrée ne peut être crue.
    .next = Installez-les : `apt-get install ca-certificates`

tls-not-spoken =
    .title = Pas de TLS sur ce port
    .seen = { $address } répond, mais pas en TLS.
    .why = L’adresse commence par https://, mais autre chose écoute sur son port.
    .next = Corrigez le port dans local_define.php (pour l’adresse d’un Latchkey : public_url), ou faites parler TLS au service à cet endroit.

tls-too-old =
    .title = TLS trop ancien
    .seen = { $host } ne parle aucun TLS encore sûr (1.2 ou 1.3).
    .why = Ce programme et les PHP actuels refusent les plus anciens.
    .next = Qui gère { $host } active TLS 1.2 ou 1.3.

tls-failed =
    .title = TLS n’aboutit pas
    .seen = { $host } a interrompu l’établissement de TLS : { $cause }.
    .why = Sans TLS, rien n’est demandé.
    .next = Qui gère { $host } regarde ses réglages TLS et son journal ; un pare-feu qui inspecte TLS peut aussi en être la cause.

cert-expired =
    .title = Certificat expiré
    .seen = Le certificat de { $subject } a pris fin le { $date }.
    .why = GLPI refuse la connexion : « Unable to fetch registration information ».
    .next = Qui gère le service met un nouveau certificat à la place de l’ancien ; un Latchkey reprend de lui-même un nouveau fichier.

cert-not-yet-valid =
    .title = Certificat pas encore valable
    .seen = Le certificat de { $subject } commence le { $date }.
    .why = GLPI refuse la connexion jusque-là.
    .next = Qui gère le service utilise un certificat valable aujourd’hui.

cert-wrong-name =
    .title = Certificat d’un autre nom
    .seen = { $host } montre un certificat pour { $names }.
    .why = GLPI refuse la connexion : il ne peut pas savoir s’il parle au bon service.
    .next = Écrivez l’un de ces noms dans local_define.php (pour l’adresse d’un Latchkey : public_url), ou demandez à qui gère le service un certificat pour { $host }.

cert-self-signed =
    .title = Certificat signé par lui-même
    .seen = Le certificat de { $subject } n’a été signé par aucune autorité, seulement par lui-même.
    .why = N’importe qui peut faire un tel certificat, GLPI refuse donc la connexion.
    .next = Qui gère le service obtient un certificat d’une autorité ; ou faites-le croire par cette machine : mettez le certificat comme fichier .crt dans /usr/local/share/ca-certificates et lancez `update-ca-certificates`

cert-unknown-issuer =
    .title = Certificat d’une autorité inconnue
    .seen = Le certificat de { $subject } vient de { $issuer }, que cette machine ne connaît pas.
    .why = Soit le service utilise sa propre autorité, soit il omet des certificats intermédiaires, soit quelqu’un en chemin ouvre la connexion ; GLPI la refuse.
    .next = Si { $issuer } est une autorité à vous : mettez son certificat comme fichier .crt dans /usr/local/share/ca-certificates et lancez `update-ca-certificates`. Si le service doit avoir un certificat public, qu’il envoie toute la chaîne. Si vous ne connaissez pas ce nom, cherchez qui ouvre la connexion.

cert-intercepted =
    .title = Connexion ouverte en chemin
    .seen = Au lieu du certificat de { $host } il y en a un de { $issuer } : un proxy ou un pare-feu ouvre la connexion chiffrée.
    .why = GLPI refuse la connexion ; et qui l’ouvre lit la clé d’enregistrement.
    .next = Demandez à qui gère le réseau de laisser fermées les connexions vers { $host } (les exempter de l’inspection TLS) ; si ce n’est pas possible, mettez le certificat de { $issuer } comme fichier .crt dans /usr/local/share/ca-certificates et lancez `update-ca-certificates`

cert-unusable =
    .title = Certificat inutilisable
    .seen = Le certificat de { $host } ne convient pas : { $cause }.
    .why = GLPI refuse la connexion.
    .next = Qui gère { $host } obtient un nouveau certificat.

cert-expires-soon =
    .title = Le certificat prend bientôt fin
    .seen = Le certificat de { $subject } prend fin le { $date }, dans { $days } jours.
    .why = À partir de là, GLPI refuse la connexion.
    .next = Qui gère le service le renouvelle avant ; si cela se fait automatiquement, ce devrait déjà être fait.

captive-portal =
    .title = Un portail répond à la place
    .seen = { $url } mène à { $to }, une page web pour des personnes : un portail où il faut se connecter.
    .why = GLPI ne peut pas s’y connecter ; il reçoit une page au lieu d’une réponse.
    .next = Connectez cette machine au portail, ou faites-la laisser passer sans.

redirect-loop =
    .title = Redirection en boucle
    .seen = { $url } ramène à lui-même, encore et encore.
    .why = GLPI abandonne après quelques tours et dit que le service est absent.
    .next = Qui gère le service corrige ses redirections ; la cause habituelle est un proxy qui parle HTTP simple à un service qui exige https.

redirected =
    .title = Redirection
    .seen = { $url } mène à { $to }.
    .why = GLPI ne suit une redirection qu’à sa première requête ; ensuite il ne reçoit rien, et la clé peut aller à un hôte auquel personne ne pensait.
    .next = Écrivez l’adresse finale dans local_define.php : define('GLPI_NETWORK_SERVICES', '{ $wanted }');

redirected-astray =
    .title = Redirection vers autre chose
    .seen = { $url } mène à { $to }, où aucun service ne répond des clés.
    .why = GLPI ne reçoit rien qu’il puisse lire, et envoie la clé là où on le mène.
    .next = Vérifiez que l’adresse dans local_define.php est celle du service ; si elle l’est, qui gère celui-ci enlève cette redirection.

http-timeout =
    .title = Aucune réponse à la question
    .seen = La connexion est établie, mais { $url } n’a pas répondu en { $seconds } s.
    .why = GLPI attend et abandonne.
    .next = Qui gère le service regarde sa charge et son journal : `latchkey doctor` sur place. S’il est rapide d’ailleurs, un pare-feu retient la réponse.

http-slow =
    .title = Réponse lente
    .seen = { $url } a répondu après { $millis } ms.
    .why = Les pages de GLPI l’attendent.
    .next = Qui gère le service regarde sa charge : `latchkey doctor` sur place.

http-broken =
    .title = Connexion interrompue
    .seen = { $url } n’a pas donné de réponse entière : { $cause }.
    .why = GLPI ne reçoit rien qu’il puisse lire.
    .next = Qui gère le service regarde son journal ; s’il n’a vu aucune requête, un proxy ou un pare-feu entre les deux a interrompu la connexion.

http-empty =
    .title = Réponse vide
    .seen = { $url } a répondu { $status } avec un corps vide.
    .why = GLPI prend une réponse vide pour un service absent.
    .next = Vérifiez que l’adresse dans local_define.php est celle du service ; qui le gère regarde ensuite le proxy placé devant.

http-html =
    .title = Une page web au lieu d’une réponse
    .seen = { $url } a répondu { $status } avec une page web : { $beginning }
    .why = GLPI ne peut pas la lire : « Unable to fetch registration information ».
    .next = Vérifiez que l’adresse dans local_define.php est celle du service et non d’un site web ; si oui, quelque chose entre les deux (un proxy, un portail, une page d’erreur) répond à sa place : lisez la page.

http-not-json =
    .title = Réponse illisible
    .seen = { $url } a répondu { $status } avec quelque chose qui n’est pas du JSON : { $beginning }
    .why = GLPI ne peut pas le lire : « Unable to fetch registration information ».
    .next = Vérifiez que l’adresse dans local_define.php est celle du service, sans chemin derrière.

http-status =
    .title = Question refusée
    .seen = { $url } a répondu avec le statut { $status }.
    .why = Ce qui y est demandé n’est pas là ou pas permis, GLPI ne reçoit donc aucune information.
    .next = Vérifiez que l’adresse dans local_define.php est celle du service, sans chemin derrière ; qui le gère regarde ensuite le proxy placé devant.

service-unavailable =
    .title = Le service ne peut pas répondre maintenant
    .seen = { $url } a répondu { $status } { $code } : { $detail }
    .why = Cela ne dit rien de la clé ; GLPI affiche « Unable to fetch registration information » et redemande.
    .next = Réessayez dans quelques minutes ; si cela persiste, qui gère le service lance `latchkey doctor` sur place.

## L’heure

clock-ahead =
    .title = Cette horloge avance
    .seen = L’horloge de cette machine avance de { $seconds } s sur celle de { $host }.
    .why = Les certificats semblent avoir pris fin, et GLPI croit moins d’un jour ce qu’il a appris d’une clé ; le service juge les clés à sa propre horloge.
    .next = Faites régler l’heure de cette machine : `timedatectl set-ntp true`

clock-behind =
    .title = Cette horloge retarde
    .seen = L’horloge de cette machine retarde de { $seconds } s sur celle de { $host }.
    .why = Les certificats neufs ne semblent pas encore valables, et GLPI croit plus d’un jour ce qu’il a appris d’une clé ; le service juge les clés à sa propre horloge.
    .next = Faites régler l’heure de cette machine : `timedatectl set-ntp true`

## La clé

key-refused =
    .title = Le service refuse la clé
    .seen = Le service dit { $code } : { $message }
    .why = GLPI affiche cette phrase, ferme le marketplace, et s’en souvient jusqu’à un jour.
    .next = Faites ce que dit la phrase ; ouvrez ensuite Configuration > Générale > GLPI Network dans GLPI, qui redemande.

subscription-stopped =
    .title = L’abonnement ne court pas
    .seen = Le service dit { $code } : { $message }
    .why = La clé est vraie, mais rien n’est livré pour elle en ce moment.
    .next = Faites ce que dit la phrase ; ouvrez ensuite Configuration > Générale > GLPI Network dans GLPI, qui redemande.

key-needs-attention =
    .title = La clé fonctionne, mais quelque chose est à faire
    .seen = Le service dit { $code } : { $message }
    .why = Elle cessera de fonctionner si personne n’agit.
    .next = Faites ce que dit la phrase avant le jour qu’elle nomme.

verdict-unusable =
    .title = Aucun verdict dans la réponse
    .seen = Le service a répondu { $status } sans dire si la clé est valable : { $beginning }
    .why = GLPI affiche « Unable to fetch registration information », et rien sur la clé.
    .next = Vérifiez que l’adresse dans local_define.php est celle du service ; prévenez ensuite qui le gère.

## Ce Latchkey

configuration-invalid =
    .title = Réglages incompris
    .seen = Ce qui ne se lit pas : { $detail }
    .why = Ni le serveur ni aucune commande ne démarre avec cela.
    .next = À faire : { $next }

installation-missing =
    .title = Aucune installation
    .seen = Il n’y a pas de Latchkey dans { $dir }.
    .why = Il n’y a rien à vérifier, et aucune clé n’aurait de réponse.
    .next = Nommez le bon endroit avec --data-dir ou LATCHKEY_DATA_DIR ; pour en créer un nouveau : `{ $command }`

data-dir-open =
    .title = Dossier de données ouvert à d’autres
    .seen = { $dir } a le mode { $mode } : d’autres utilisateurs de cette machine peuvent y regarder.
    .why = Il contient les clients, et la clé maîtresse qui ouvre les clés de signature.
    .next = Fermez-le : `{ $command }`

master-key-unusable =
    .title = Clé maîtresse inutilisable
    .seen = Ce qui ne va pas : { $detail }
    .why = Sans elle aucune clé ne peut être signée ni montrée, et le serveur ne démarre pas.
    .next = À faire : { $next }

master-key-other =
    .title = Une autre clé maîtresse
    .seen = La clé maîtresse d’ici a l’empreinte { $given } ; cette base a été scellée sous { $expected }.
    .why = Aucune autre clé n’ouvre ses secrets, et le serveur ne démarre pas.
    .next = Remettez à sa place la clé maîtresse qui va avec cette base, depuis la copie que vous avez gardée.

database-away =
    .title = Base de données injoignable
    .seen = Ce qui ne va pas : { $detail }
    .why = Les clés en mémoire ont encore une réponse un moment, tout le reste reçoit 503.
    .next = À faire : { $next }

database-slow =
    .title = Base de données lente
    .seen = La base a mis { $millis } ms pour une petite question.
    .why = Toute clé qui n’est pas en mémoire l’attend.
    .next = Regardez la charge de la base et de son disque.

schema-old =
    .title = Schéma d’une version plus ancienne
    .seen = La base a le schéma { $found } ; ce programme l’amène à { $known } à son prochain démarrage.
    .why = Rien d’anormal, mais un programme plus ancien peut refuser la base ensuite.
    .next = Faites une sauvegarde, puis mettez-le à jour : `{ $command }`

schema-newer =
    .title = Schéma d’une version plus récente
    .seen = La base a le schéma { $found } ; ce programme connaît { $known }.
    .why = Ce programme est trop ancien pour elle et ne démarre pas.
    .next = Installez le Latchkey qui tourne sur les autres machines, ou un plus récent.

tls-pair-unusable =
    .title = Certificat et clé inutilisables
    .seen = Ce qui ne va pas : { $detail }
    .why = Le serveur ne démarre pas avec eux, ou continue avec les précédents.
    .next = Mettez le certificat, suivi de ceux qui le garantissent, dans tls_cert, et sa clé privée dans tls_key, tous deux en PEM.

clock-behind-database =
    .title = Cette horloge retarde sur ce qui est enregistré
    .seen = L’horloge de cette machine retarde de { $seconds } s sur le dernier changement dans la base.
    .why = Au-delà d’une heure, toutes les réponses s’arrêtent : une fausse date ferait un faux verdict, dont les GLPI se souviennent un jour.
    .next = Mettez l’horloge à l’heure ; si elle est juste : `{ $command }`

backup-none =
    .title = Aucune sauvegarde
    .seen = Il n’y a pas de sauvegarde dans { $dir }.
    .why = Si ce disque tombe en panne, les clients, les abonnements et le droit de répondre des clés sont perdus.
    .next = Faites-en une, et faites-en faire une chaque jour : `{ $command }` ; si elles sont gardées ailleurs, nommez l’endroit avec --backups

backup-old =
    .title = Sauvegarde ancienne
    .seen = La dernière sauvegarde est { $file }, du { $date } : elle a { $days } jours.
    .why = Ce qui est venu après est perdu avec ce disque ; les clés émises depuis recevraient 503 après une restauration.
    .next = Faites-en une, et faites-en faire une chaque jour : `{ $command }`

public-url-other =
    .title = L’URL publique mène ailleurs
    .seen = { $url } est servi par l’éditeur { $found } ; cette installation est { $own }.
    .why = Les GLPI qui y sont dirigés interrogent un autre Latchkey, qui refuse vos clés.
    .next = Corrigez l’adresse du nom ou le proxy placé devant, ou le réglage public_url.
