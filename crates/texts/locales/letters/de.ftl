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
page-language = Sprache

## Das Formular einer Einladung, und was daraus wird

join-title = Konto anlegen
join-intro = Sie wurden zu { $name } eingeladen. Füllen Sie das Formular aus, und Ihr Konto wird angelegt.
invite-sheet = Sie wurden zu { $name } eingeladen. Lesen Sie diesen Code mit Ihrem Telefon, oder geben Sie die Adresse unten in einen Browser ein, und füllen Sie das Formular aus.
join-firstname = Vorname
join-realname = Nachname
join-email = E-Mail-Adresse
join-login = Anmeldename
join-password = Passwort
join-password2 = Passwort noch einmal
join-login-hint = Damit melden Sie sich an. Bleibt er leer, wird er aus Ihrem Namen gebildet.
join-email-hint = Eine Adresse von { $domains }.
join-password-hint = Mindestens { $least } Zeichen. Ein paar Wörter, die nicht zusammengehören, merkt man sich leicht und errät man schwer.
join-digit = Eine Ziffer muss darin sein.
join-lower = Ein Kleinbuchstabe muss darin sein.
join-upper = Ein Großbuchstabe muss darin sein.
join-symbol = Ein Zeichen muss darin sein, das weder Buchstabe noch Ziffer ist.
join-do = Das Konto anlegen
join-faults = Noch ist nicht alles richtig. Was Sie eingegeben haben, bleibt stehen, nur die Passwörter nicht.
join-empty = Das darf nicht leer sein.
join-too-long = Das hat mehr als { $most } Zeichen.
join-character = „{ $character }“ kann hier nicht stehen.
join-unseen = Darin ist ein Zeichen, das man nicht sieht.
join-no-email = Das ist keine E-Mail-Adresse wie name@example.org.
join-other-domain = Eingeladen sind nur Adressen von { $domains }.
join-imitates = Dieser Anmeldename sieht aus wie ein anderer: Leerzeichen an den Enden, Buchstaben mehrerer Schriften oder unsichtbare Zeichen.
join-reserved = Dieser Anmeldename ist vorbehalten. Wählen Sie einen anderen.
join-taken = Jemand anders hat diesen Anmeldenamen. Wählen Sie einen anderen.
join-too-short = Das Passwort braucht mindestens { $least } Zeichen.
join-no-digit = Es ist keine Ziffer darin.
join-no-lower = Es ist kein Kleinbuchstabe darin.
join-no-upper = Es ist kein Großbuchstabe darin.
join-no-symbol = Es sind nur Buchstaben und Ziffern darin.
join-differs = Die beiden Passwörter sind nicht gleich.
join-known = Dieses Passwort steht auf Listen, die bekannt wurden; andere probieren es zuerst.
join-weak = Dieses Passwort ist zu schnell erraten. Machen Sie es länger, ohne Ihren Namen und ohne Tastenreihen.
join-complete-title = Ihr Konto ist fertig
join-complete = Sie können sich mit dem Anmeldenamen { $login } anmelden.
join-sign-in = Zur Anmeldung
join-directory = Ihre Registrierung ist unter dem Anmeldenamen { $login } aufgehoben. Wer Sie eingeladen hat, kümmert sich um alles Weitere.
join-waiting-title = Ihre Registrierung ist aufgehoben
join-waiting = Der Dienst, der das Konto anlegt, antwortet gerade nicht. Sie müssen nichts noch einmal eingeben: Das Konto { $login } wird angelegt, sobald er antwortet. Behalten Sie diese Seite, und sehen Sie später wieder nach.
join-incomplete = Ihr Konto { $login } ist da, aber nicht alles daran ist, wie es sein soll. Wer Sie eingeladen hat, sieht das auch.
join-taken-title = Der Anmeldename ist vergeben
join-taken-page = Jemand anders hatte den Anmeldenamen { $login }. Öffnen Sie Ihre Einladung noch einmal, und wählen Sie einen anderen.
join-password-title = Wählen Sie Ihr Passwort noch einmal
join-password-page = Der Dienst hat so lange nicht geantwortet, dass Ihr Passwort nicht mehr aufgehoben ist. Wählen Sie noch einmal eines, dann wird das Konto { $login } angelegt.
join-password-do = Dieses Passwort aufheben
join-again = Noch einmal nachsehen
join-closed-title = Dieser Link öffnet nichts
join-closed = Dahinter ist keine Einladung, oder Sie haben zu lange gewartet: Ein Formular kann zwei Stunden lang ausgefüllt werden.
join-closed-next = Öffnen Sie den Link Ihrer Einladung noch einmal, so wie er geschickt wurde. Hilft das nicht, fragen Sie, wer ihn geschickt hat.
join-wait-title = Bitte warten Sie ein wenig
join-wait = Von Ihrer Adresse oder für diese Einladung kam zu viel. Versuchen Sie es in { $seconds } Sekunden noch einmal.
join-foreign = Das Formular kam nicht von dieser Seite. Öffnen Sie den Link Ihrer Einladung noch einmal.
join-required = Alle Felder bis auf den Anmeldenamen sind auszufüllen.
