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
check-language = Langue
