## The mail with which a vendor sends a key

mail-subject = Ihr Registrierungsschlüssel für GLPI
mail-hello = Guten Tag,
mail-what = hier ist der Registrierungsschlüssel von { $customer } für „{ $offer }“. Der letzte Tag des Abonnements ist der { $ends }.
mail-where = Öffnen Sie in Ihrem GLPI Einstellungen > Allgemein > GLPI Network, fügen Sie den Schlüssel als eine Zeile bei „Registrierungsschlüssel“ ein und speichern Sie.
mail-service = Falls Ihr GLPI unseren Dienst noch nicht fragt, schreiben Sie zuvor diese Zeile in seine Datei config/local_define.php:
mail-check = Wie es um den Schlüssel steht, ist jederzeit hier zu sehen: { $address }
mail-keep = Der Schlüssel bleibt derselbe, wenn das Abonnement verlängert wird. Wer ihn hat, kann ihn benutzen; bitte geben Sie ihn nicht weiter.
mail-bye = Mit freundlichen Grüßen

## The page where anybody who has a key sees how it stands

check-title = Wie steht es um meinen Registrierungsschlüssel?
check-intro = Fügen Sie den Schlüssel so ein, wie Ihr Anbieter ihn geschickt hat. Er wird angesehen, beantwortet und nicht aufbewahrt.
check-field = Registrierungsschlüssel
check-do = Schlüssel prüfen
check-open = Der Schlüssel ist in Ordnung
check-closed = Der Schlüssel ist echt, aber sein Abonnement läuft nicht
check-refused = Der Schlüssel zählt nicht
check-last-day = Letzter Tag des Abonnements
check-grace = Alles funktioniert bis einschließlich
check-offer = Abonnement
check-answer = Was ist
check-next = Nächster Schritt
check-nothing = Es ist nichts zu tun.
check-wait = Von Ihrer Adresse kamen zu viele Texte, die keine Schlüssel sind. Versuchen Sie es in { $seconds } Sekunden wieder.
check-language = Sprache
