## Texte, die keiner unserer Schlüssel sind, ganz und echt

key-missing =
    .title = Kein Schlüssel
    .cause = Es wurde kein Registrierungsschlüssel gesendet.
    .next = Kopieren Sie den ganzen Schlüssel, den Ihr Anbieter Ihnen geschickt hat, und fügen Sie ihn in GLPI auf der Registerkarte „GLPI Network“ ein.

key-too-long =
    .title = Text zu lang für einen Schlüssel
    .cause = Der Text hat { $length } Zeichen, weit mehr als jeder Registrierungsschlüssel.
    .next = Kopieren Sie nur den Schlüssel selbst, eine einzige Zeile, und fügen Sie ihn erneut ein.

key-whitespace =
    .title = Leerraum im Schlüssel
    .cause = { $kind ->
        [line-break] Der Schlüssel enthält nach dem { $after }. Zeichen einen Zeilenumbruch.
        [space] Der Schlüssel enthält nach dem { $after }. Zeichen ein Leerzeichen.
        [tab] Der Schlüssel enthält nach dem { $after }. Zeichen einen Tabulator.
       *[other] Der Schlüssel enthält nach dem { $after }. Zeichen Leerraum.
    }
    .next = { $whole ->
        [yes] Entfernen Sie alle Leerzeichen und Zeilenumbrüche aus dem Schlüssel: Ohne sie ist er vollständig.
       *[no] Kopieren Sie den ganzen Schlüssel erneut als eine einzige Zeile so, wie Ihr Anbieter ihn geschickt hat; den Leerraum zu entfernen genügt hier nicht.
    }

key-alphabet =
    .title = Falsches Zeichen im Schlüssel
    .cause = { $shown ->
        [yes] Das { $at }. Zeichen des Schlüssels ist „{ $character }“, das dort nicht stehen kann.
       *[no] Das { $at }. Zeichen des Schlüssels kommt in keinem Schlüssel vor.
    }
    .next = Kopieren Sie den ganzen Schlüssel erneut, ohne Anführungszeichen oder anderen Text darum herum, und fügen Sie ihn wieder ein.

key-truncated =
    .title = Schlüssel abgeschnitten
    .cause = Das Ende des Schlüssels fehlt: Er wurde nach dem { $after }. Zeichen abgeschnitten.
    .next = Kopieren Sie den Schlüssel erneut bis zum letzten Zeichen und fügen Sie ihn wieder ein.

key-beginning-missing =
    .title = Anfang des Schlüssels fehlt
    .cause = Der Anfang des Schlüssels fehlt.
    .next = Kopieren Sie den Schlüssel erneut vom ersten Zeichen an und fügen Sie ihn wieder ein.

key-trailing =
    .title = Text hinter dem Schlüssel
    .cause = Der Schlüssel ist nach dem { $after }. Zeichen vollständig, aber es folgt noch Text.
    .next = Löschen Sie alles nach dem { $after }. Zeichen; der Schlüssel darf auch nicht zweimal eingefügt sein.

key-altered =
    .title = Schlüssel verändert
    .cause = { $part ->
        [encoding] Der Schlüssel wurde verändert: Seine Kodierung ist nicht mehr die ursprüngliche.
        [layout] Der Schlüssel wurde verändert: Sein Aufbau ist nicht mehr der ursprüngliche.
        [version] Der Schlüssel wurde verändert: Seine Formatversion ist nicht mehr die ursprüngliche.
        [signing-key] Der Schlüssel wurde verändert: Die Kennung seines Signaturschlüssels ist nicht mehr die ursprüngliche.
        [key-id] Der Schlüssel wurde verändert: Seine Kennung ist nicht mehr die ursprüngliche.
        [issue-date] Der Schlüssel wurde verändert: Sein Ausstellungsdatum ist nicht mehr das ursprüngliche.
       *[signature] Der Schlüssel wurde verändert: Seine Signatur ist nicht mehr die ursprüngliche.
    }
    .next = Kopieren Sie den Schlüssel erneut so, wie Ihr Anbieter ihn geschickt hat, oder lassen Sie ihn sich noch einmal schicken.

key-format-unknown =
    .title = Schlüsselformat unbekannt
    .cause = Der Schlüssel hat das Format { $version }, das dieser Dienst noch nicht kennt.
    .next = Verständigen Sie Ihren Anbieter: Der Betreiber des Dienstes sollte ihn aktualisieren.

key-foreign =
    .title = Schlüssel eines anderen Anbieters
    .cause = { $origin ->
        [publisher] Der Schlüssel stammt von einem anderen Anbieter ({ $publisher }) als dem, dessen Dienst hier antwortet.
       *[format] Dies ist ein Registrierungsschlüssel, aber keiner, den der Anbieter, dessen Dienst hier antwortet, ausgestellt hat.
    }
    .next = Tragen Sie den Schlüssel des Anbieters ein, dessen Dienst dieses GLPI befragt, oder lassen Sie die Adresse des Dienstes in der GLPI-Konfiguration prüfen.

key-not-a-key =
    .title = Kein Registrierungsschlüssel
    .cause = Der Text ist kein Registrierungsschlüssel.
    .next = Kopieren Sie den ganzen Schlüssel, den Ihr Anbieter Ihnen geschickt hat, und fügen Sie ihn in GLPI auf der Registerkarte „GLPI Network“ ein.

key-signer-unknown =
    .title = Signaturschlüssel unbekannt
    .cause = Der Schlüssel wurde mit { $signer } signiert, einem Signaturschlüssel, den dieser Dienst nicht kennt.
    .next = Verständigen Sie Ihren Anbieter: Der Betreiber des Dienstes sollte ihm diesen Signaturschlüssel bekannt machen oder Ihnen einen neuen Schlüssel ausstellen.

key-forged =
    .title = Signatur falsch
    .cause = Die Signatur des Schlüssels ist nicht echt: Der Schlüssel wurde verändert oder gefälscht.
    .next = Kopieren Sie den Schlüssel erneut so, wie Ihr Anbieter ihn geschickt hat; bleibt die Meldung bestehen, bitten Sie ihn um einen neuen Schlüssel.

## Schlüssel, die unsere waren und nicht mehr gelten

key-revoked =
    .title = Schlüssel widerrufen
    .cause = Dieser Schlüssel wurde am { $date } widerrufen.
    .next = Bitten Sie Ihren Anbieter um einen neuen Schlüssel und tragen Sie ihn in GLPI auf der Registerkarte „GLPI Network“ ein.

key-superseded =
    .title = Schlüssel ersetzt
    .cause = Dieser Schlüssel wurde durch einen am { $issued } ausgestellten ersetzt und gilt seit dem { $date } nicht mehr.
    .next = { $new ->
        [withdrawn] Der neue Schlüssel wurde inzwischen zurückgezogen; bitten Sie Ihren Anbieter um einen anderen.
       *[counts] Tragen Sie den neuen Schlüssel in GLPI auf der Registerkarte „GLPI Network“ ein; falls er Ihnen fehlt, fragen Sie Ihren Anbieter nach dem Schlüssel { $key }.
    }

key-overlap =
    .title = { $new ->
        [withdrawn] Schlüssel ersetzt
       *[counts] Ein neuer Schlüssel liegt bereit
    }
    .cause = Dieser Schlüssel wurde durch einen am { $issued } ausgestellten ersetzt und gilt nur noch bis { $until }.
    .next = { $new ->
        [withdrawn] Der neue Schlüssel wurde inzwischen zurückgezogen; bitten Sie Ihren Anbieter vorher um einen anderen.
       *[counts] Tragen Sie vorher den neuen Schlüssel in GLPI auf der Registerkarte „GLPI Network“ ein; falls er Ihnen fehlt, fragen Sie Ihren Anbieter nach dem Schlüssel { $key }.
    }

## Abonnements

valid = Der Schlüssel ist gültig; der letzte Tag des Abonnements ist der { $ends }.

subscription-ends-soon =
    .title = Abonnement endet bald
    .cause = Das Abonnement endet bald: Sein letzter Tag ist der { $ends }.
    .next = Verlängern Sie es bis zu diesem Tag bei Ihrem Anbieter; der Schlüssel bleibt derselbe.

subscription-in-grace =
    .title = Abonnement in der Nachfrist
    .cause = Der letzte Tag des Abonnements war der { $ended }; bis einschließlich { $until } funktioniert alles weiter.
    .next = Verlängern Sie es bis zu diesem Tag bei Ihrem Anbieter; der Schlüssel bleibt derselbe.

subscription-not-begun =
    .title = Abonnement noch nicht begonnen
    .cause = Das Abonnement hat noch nicht begonnen: Sein erster Tag ist der { $begins }.
    .next = Der Schlüssel funktioniert ab diesem Tag; soll das Abonnement früher beginnen, wenden Sie sich an Ihren Anbieter.

subscription-expired =
    .title = Abonnement abgelaufen
    .cause = Das Abonnement ist abgelaufen: Sein letzter Tag war der { $ended }.
    .next = Verlängern Sie es bei Ihrem Anbieter; der Schlüssel bleibt derselbe.

subscription-suspended =
    .title = Abonnement ausgesetzt
    .cause = Ihr Anbieter hat das Abonnement am { $date } ausgesetzt.
    .next = Wenden Sie sich an Ihren Anbieter; sobald das Abonnement fortgesetzt wird, funktioniert derselbe Schlüssel wieder.

subscription-terminated =
    .title = Abonnement beendet
    .cause = Ihr Anbieter hat das Abonnement am { $date } endgültig beendet.
    .next = Schließen Sie bei Ihrem Anbieter ein neues Abonnement ab, wenn es weitergehen soll; Sie erhalten einen neuen Schlüssel.

## Worum gebeten wurde und was nicht geschieht

text-invalid =
    .title = Text nicht zulässig
    .cause = { $fault ->
        [empty] Das Feld „{ $field }“ ist leer.
        [too-long] Der Text im Feld „{ $field }“ hat mehr als { $most } Zeichen.
        [control] Das { $at }. Zeichen im Feld „{ $field }“ ist ein Zeilenumbruch oder ein anderes unsichtbares Steuerzeichen.
       *[character] Das { $at }. Zeichen im Feld „{ $field }“ ist dort nicht zulässig.
    }
    .next = { $rule ->
        [reference] Eine Referenz hat höchstens 40 Zeichen, beginnt mit einem Kleinbuchstaben von a bis z und besteht sonst aus solchen Kleinbuchstaben, Ziffern, Bindestrichen, Unterstrichen oder Punkten.
       *[text] Berichtigen Sie den Text und versuchen Sie es erneut.
    }

field-customer = Kunde
field-reason = Grund
field-offer = Angebot
field-title = Titel
field-name = Bezeichnung
field-email = E-Mail-Adresse
field-days = Tage
field-registrations-days = Tage für Registrierungen
field-agents-days = Tage für Agenten
field-overlap-days = Übergangstage
field-grace-days = Nachfrist in Tagen
field-tag = Etikett
field-agents = Agenten
field-plugin = Name des Plugins
field-seats = Plätze
field-staging-limit = Höchstzahl der Testinstanzen
field-moves = Umzüge pro Jahr
field-releases = eigenständige Freigaben pro Jahr
field-move-days = Tage der Umzugsfrist
field-cooling-off-days = Tage der Sperrfrist
field-trial-days = Testtage
field-inventory-user = Benutzer für Inventare
field-inventory-password = Passwort für Inventare
field-inventory-client-id = Client-ID für Inventare
field-inventory-client-secret = Client-Geheimnis für Inventare

## Versions of GLPI that a plugin is for

range-both = { $min } bis vor { $max }
range-from = ab { $min }
range-before = vor { $max }
range-any = alle Versionen

offer-unknown =
    .title = Unbekanntes Angebot
    .cause = Kein Angebot hat die Referenz „{ $reference }“.
    .next = { $hint ->
        [meant] Meinten Sie „{ $meant }“? Es gibt: { $known }.
        [known] Es gibt: { $known }.
       *[none] Es gibt noch keine Angebote: Legen Sie zuerst eines an.
    }

customer-unknown =
    .title = Unbekannter Kunde
    .cause = Kein Kunde hat den Namen oder die Kennung „{ $customer }“.
    .next = { $hint ->
        [meant] Meinten Sie „{ $meant }“?
       *[none] Prüfen Sie die Schreibweise oder legen Sie den Kunden zuerst an.
    }

customer-exists =
    .title = Kunde bereits vorhanden
    .cause = Es gibt bereits einen Kunden namens „{ $customer }“; Groß- und Kleinschreibung wird nicht unterschieden.
    .next = Verwenden Sie den vorhandenen Kunden oder wählen Sie einen anderen Namen.

customer-erased =
    .title = Kunde gelöscht
    .cause = Der Kunde { $customer } wurde am { $date } gelöscht: Der Name ist endgültig entfernt, und ihm wird nichts mehr verkauft.
    .next = Legen Sie einen neuen Kunden an, falls es einen neuen Vertrag gibt.

subscription-unknown =
    .title = Unbekanntes Abonnement
    .cause = Kein Abonnement hat die Kennung „{ $subscription }“.
    .next = Vergleichen Sie die Kennung mit der Liste der Abonnements.

key-unknown =
    .title = Unbekannter Schlüssel
    .cause = Kein Schlüssel hat die Kennung „{ $key }“.
    .next = Vergleichen Sie die Kennung mit der Liste der Schlüssel.

term-missing =
    .title = Laufzeit fehlt
    .cause = Kein vorhandenes Abonnement passt zu diesem Schlüssel, und die Laufzeit eines neuen wurde nicht angegeben.
    .next = Geben Sie die Laufzeit des neuen Abonnements in Jahren, Monaten oder Tagen an.

term-invalid =
    .title = Laufzeit nicht möglich
    .cause = Die Laufzeit ist zu kurz, zu lang oder reicht über das Ende des Kalenders hinaus.
    .next = Wählen Sie eine Laufzeit von mindestens einem Tag und höchstens 100 Jahren.

date-invalid =
    .title = Datum nicht möglich
    .cause = „{ $given }“ ist kein Datum, das hier verwendet werden kann.
    .next = Geben Sie ein Kalenderdatum ab 1970 mit Jahr, Monat und Tag an, zum Beispiel 2027-02-28.

last-day-over =
    .title = Letzter Tag vorbei
    .cause = Der letzte Tag, { $given }, ist vorbei: Heute ist der { $today }.
    .next = Geben Sie den heutigen oder einen späteren Tag an, oder keinen. Ein letzter Tag zählt bis zu seinem Ende, in der Zeitzone dieses Dienstes.

last-day-before-first =
    .title = Letzter Tag vor dem ersten
    .cause = Der letzte Tag, { $given }, liegt vor dem ersten, { $first }.
    .next = Geben Sie den { $first } oder einen späteren Tag als letzten an, oder einen früheren ersten.

last-day-too-late =
    .title = Letzter Tag zu weit entfernt
    .cause = Der letzte Tag, { $given }, ist zu weit entfernt: Eine Einladung kann höchstens { $most } Tage lang benutzt werden.
    .next = Geben Sie den { $latest } oder einen früheren Tag an, oder keinen, damit sie kein Ende hat.

last-day-and-days =
    .title = Zwei Enden
    .cause = Ein letzter Tag, { $given }, und eine Anzahl von Tagen sind beide angegeben.
    .next = Geben Sie eines von beiden an.

days-invalid =
    .title = Zu viele Tage
    .cause = Der Wert im Feld „{ $field }“ ist größer als { $most }.
    .next = Wählen Sie eine Zahl von 0 bis { $most }.

subscription-already-suspended =
    .title = Bereits ausgesetzt
    .cause = Das Abonnement ist seit dem { $date } ausgesetzt.
    .next = Es ist nichts zu tun; soll es weiterlaufen, setzen Sie es fort.

subscription-not-suspended =
    .title = Nicht ausgesetzt
    .cause = Das Abonnement { $subscription } ist nicht ausgesetzt.
    .next = Es gibt nichts fortzusetzen; prüfen Sie, ob dies das gemeinte Abonnement ist.

subscription-already-terminated =
    .title = Bereits beendet
    .cause = Das Abonnement wurde am { $date } endgültig beendet; es kann nicht mehr geändert werden.
    .next = Legen Sie für diesen Kunden ein neues Abonnement an.

key-already-revoked =
    .title = Bereits widerrufen
    .cause = Dieser Schlüssel wurde bereits am { $date } widerrufen.
    .next = Es ist nichts zu tun; braucht der Kunde einen Schlüssel, stellen Sie einen neuen aus.

key-already-superseded =
    .title = Bereits ersetzt
    .cause = Dieser Schlüssel wurde bereits durch den Schlüssel { $key } ersetzt.
    .next = Verwenden Sie stattdessen diesen.

token-unknown =
    .title = Unbekanntes API-Token
    .cause = Kein API-Token hat die Kennung „{ $token }“.
    .next = Vergleichen Sie die Kennung mit der Liste der Token.

token-already-revoked =
    .title = Token bereits widerrufen
    .cause = Dieses API-Token wurde bereits am { $date } widerrufen.
    .next = Es ist nichts zu tun; wenn ein Programm ein Token braucht, legen Sie ein neues an.

scope-unknown =
    .title = Unbekannte Berechtigung
    .cause = { $case ->
        [none] Das Token erhielt keine Berechtigung und könnte daher nichts tun.
       *[unknown] Keine Berechtigung heißt „{ $given }“.
    }
    .next = { $hint ->
        [meant] Meinten Sie „{ $meant }“? Es gibt: { $known }.
       *[known] Es gibt: { $known }.
    }

## What whoever issued a key may not have meant

subscription-beside-another =
    .title = Ein zweites Abonnement
    .cause = Der Kunde hat schon ein anderes Abonnement dieses Angebots, { $subscription }, dessen letzter Tag der { $ends } ist.
    .next = Sollte nur jenes verlängert werden, verlängern Sie es und kündigen Sie dieses; seine Schlüssel bleiben dieselben.

subscription-began-before =
    .title = Beginnt in der Vergangenheit
    .cause = Das Abonnement hat vor dem heutigen Tag begonnen, am { $begins }.
    .next = War das nicht gemeint, kündigen Sie es und stellen Sie den Schlüssel mit dem richtigen ersten Tag neu aus.

subscription-over-already =
    .title = Schon zu Ende
    .cause = { $works ->
        [yes] Der letzte Tag des Abonnements war der { $ended }; der Schlüssel gilt nur noch bis einschließlich { $until }.
       *[no] Der letzte Tag des Abonnements war der { $ended }; der Schlüssel öffnet also nichts.
    }
    .next = War das nicht gemeint, verlängern Sie das Abonnement.

## Konten der Konsole

role-missing =
    .title = Rolle reicht nicht aus
    .cause = Ihre Rolle ({ $has }) darf das nicht: Es braucht { $needs }.
    .next = Bitten Sie jemanden mit dieser Rolle darum, oder lassen Sie Ihre Rolle von einem Eigentümer ändern.

role-unknown =
    .title = Unbekannte Rolle
    .cause = Keine Rolle heißt „{ $given }“.
    .next = { $hint ->
        [meant] Meinten Sie „{ $meant }“? Es gibt: owner, manager, support, auditor.
       *[none] Es gibt: owner, manager, support, auditor.
    }

operator-unknown =
    .title = Unbekanntes Konto
    .cause = Kein Konto hat die Adresse oder Kennung „{ $operator }“.
    .next = { $hint ->
        [meant] Meinten Sie „{ $meant }“?
       *[none] Prüfen Sie die Liste der Konten.
    }

operator-exists =
    .title = Konto gibt es schon
    .cause = Es gibt schon ein Konto mit der Adresse „{ $email }“.
    .next = Arbeiten Sie mit diesem Konto, oder geben Sie eine andere Adresse an.

operator-disabled =
    .title = Konto gesperrt
    .cause = Dieses Konto wurde am { $date } gesperrt.
    .next = Lassen Sie es von einem Eigentümer wieder freigeben.

operator-not-disabled =
    .title = Nicht gesperrt
    .cause = Das Konto „{ $email }“ ist nicht gesperrt.
    .next = Es gibt nichts freizugeben; prüfen Sie, ob Sie dieses Konto meinten.

owner-exists =
    .title = Es gibt schon einen Eigentümer
    .cause = Ein Eigentümer, „{ $email }“, kann sich schon anmelden; ein Einrichtungslink ist nicht nötig.
    .next = Melden Sie sich mit diesem Konto an, oder lassen Sie es auf der Kommandozeile zurücksetzen, wenn das Passwort verloren ist.

last-owner =
    .title = Letzter Eigentümer
    .cause = Das ist der einzige Eigentümer, der sich anmelden kann.
    .next = Machen Sie zuerst jemand anderen zum Eigentümer.

email-invalid =
    .title = Keine E-Mail-Adresse
    .cause = „{ $given }“ ist keine E-Mail-Adresse.
    .next = Geben Sie eine Adresse wie name@example.org an.

email-domain-invalid =
    .title = Keine Domain von E-Mail-Adressen
    .cause = „{ $given }“ ist keine Domain, die eine E-Mail-Adresse haben kann.
    .next = Geben Sie eine Domain wie example.org an; eine internationale in ihrer Form mit xn--.

password-refused =
    .title = Passwort nicht angenommen
    .cause = { $fault ->
        [too-short] Das Passwort hat weniger als { $least } Zeichen.
        [too-long] Das Passwort hat mehr als { $most } Zeichen.
        [guessable] Das Passwort ist leicht zu erraten: Es ist Ihre Adresse oder besteht aus sehr wenigen verschiedenen Zeichen.
       *[differs] Die beiden Passwörter sind nicht gleich.
    }
    .next = { $fault ->
        [differs] Geben Sie zweimal dasselbe Passwort ein.
       *[other] Wählen Sie einen längeren Satz, auf den nur Sie kommen; ein Passwortmanager kann einen erzeugen.
    }

sign-in-refused =
    .title = Nicht angemeldet
    .cause = Die E-Mail-Adresse oder das Passwort ist falsch.
    .next = Prüfen Sie beides und versuchen Sie es noch einmal; ist das Passwort verloren, kann ein Eigentümer Ihnen einen neuen Link schicken.

sign-in-throttled =
    .title = Zu viele Versuche
    .cause = Für dieses Konto oder von dieser Adresse kamen zu viele falsche Passwörter oder Codes.
    .next = Warten Sie { $seconds } Sekunden, und versuchen Sie es dann noch einmal.

code-wrong =
    .title = Falscher Code
    .cause = Dieser Code ist falsch, zu alt oder wurde schon benutzt.
    .next = Geben Sie die sechs Ziffern ein, die Ihre App jetzt zeigt, oder einen Wiederherstellungscode, den Sie noch nicht benutzt haben.

link-unusable =
    .title = Link nicht benutzbar
    .cause = Dieser Link ist unvollständig, wurde schon benutzt oder ist zu alt.
    .next = Bitten Sie die Person, die ihn geschickt hat, um einen neuen.

connection-unknown =
    .title = Unbekannte Verbindung
    .cause = Keine Verbindung zu einem GLPI hat den Namen oder die Kennung „{ $connection }“.
    .next = { $hint ->
        [meant] Meinten Sie „{ $meant }“?
       *[none] Prüfen Sie die Liste der Verbindungen.
    }

connection-not-named =
    .title = Keine Verbindung gewählt
    .cause = Es gibt mehrere Verbindungen zu GLPIs, und keine wurde gewählt.
    .next = Sagen Sie, welche gemeint ist: { $known }.

connection-exists =
    .title = Verbindung gibt es schon
    .cause = Es gibt schon eine Verbindung zu einem GLPI mit dem Namen „{ $connection }“.
    .next = Nutzen Sie diese Verbindung, oder wählen Sie einen anderen Namen.

inventory-credential-mixed =
    .title = Zugangsdaten für Inventare passen nicht
    .cause = { $kind ->
        [basic] Für Inventare wurden Benutzer und Passwort gewählt, aber eine Client-ID oder ein Client-Geheimnis wurde angegeben.
        [oauth] Für Inventare wurden Client-ID und Client-Geheimnis gewählt, aber ein Benutzer oder ein Passwort wurde angegeben.
       *[none] Für Inventare wurden keine Zugangsdaten gewählt, aber ein Benutzer, ein Passwort, eine Client-ID oder ein Client-Geheimnis wurde angegeben.
    }
    .next = Wählen Sie, was das GLPI verlangt, und lassen Sie leer, was zu einer anderen Wahl gehört.

glpi-not-found =
    .title = Dort ist kein GLPI
    .cause = Was unter dieser Adresse antwortet, ist keine REST-API eines GLPI (Status { $status }).
    .next = Geben Sie die Adresse an, unter der sich GLPI im Browser öffnet, und sehen Sie nach, ob apirest.php nicht gesperrt ist.

glpi-api-off =
    .title = REST-API ausgeschaltet
    .cause = Die REST-API dieses GLPI ist ausgeschaltet.
    .next = In GLPI: Einrichtung > Allgemein > API, REST-API einschalten.

glpi-address-not-allowed =
    .title = Adresse nicht zugelassen
    .cause = Dieses GLPI lässt an der Adresse dieses Rechners keinen Client seiner API zu.
    .next = In GLPI: Einrichtung > Allgemein > API, einen API-Client für die Adresse dieses Rechners hinzufügen.

glpi-app-token-wrong =
    .title = Falsches Anwendungs-Token
    .cause = Das Anwendungs-Token fehlt oder ist falsch.
    .next = Geben Sie das des API-Clients an (in GLPI: Einrichtung > Allgemein > API).

glpi-login-wrong =
    .title = GLPI lehnt die Anmeldung ab
    .cause = GLPI kennt dieses Token nicht, oder nicht diese Anmeldung mit diesem Passwort.
    .next = Kopieren Sie den Fernzugriffsschlüssel aus den Einstellungen des Dienstkontos, und sehen Sie nach, ob das Konto aktiv ist.

glpi-logins-off =
    .title = Keine Anmeldung mit Passwort
    .cause = Die API dieses GLPI nimmt keine Anmeldung mit Passwort.
    .next = Nehmen Sie das Token des Dienstkontos, oder schalten Sie in Einrichtung > Allgemein > API die Anmeldung mit Zugangsdaten ein.

glpi-session-over =
    .title = Sitzung beendet
    .cause = GLPI hat die Sitzung inzwischen beendet.
    .next = Versuchen Sie es noch einmal.

glpi-refused =
    .title = GLPI hat abgelehnt
    .cause = GLPI hat mit „{ $code }“ abgelehnt.
    .next = Sehen Sie sich die Rechte des Profils des Dienstkontos an.

glpi-broken =
    .title = GLPI ist gescheitert
    .cause = GLPI ist mit Status { $status } gescheitert.
    .next = Sehen Sie in das Protokoll von GLPI (files/_log/php-errors.log).

users-read-missing =
    .title = Ein Recht fehlt
    .cause = Das Dienstkonto darf keine Benutzer lesen; sein Profil ist „{ $profile }“.
    .next = Geben Sie dem Profil in diesem GLPI die Rechte Benutzer: Lesen, Erstellen, Aktualisieren.

users-create-missing =
    .title = Ein Recht fehlt
    .cause = Das Dienstkonto darf keine Benutzer anlegen; sein Profil ist „{ $profile }“.
    .next = Geben Sie dem Profil in diesem GLPI die Rechte Benutzer: Lesen, Erstellen, Aktualisieren.

invitation-unknown =
    .title = Unbekannte Einladung
    .cause = Keine Einladung hat die Kennung oder den Namen „{ $invitation }“.
    .next = { $hint ->
        [meant] Meinten Sie „{ $meant }“?
       *[none] Vergleichen Sie die Schreibweise mit der Liste der Einladungen.
    }

invitation-ambiguous =
    .title = Mehrere Einladungen
    .cause = Mehrere Einladungen heißen „{ $invitation }“.
    .next = Wählen Sie eine anhand ihrer Kennung: { $known }.

invitation-revoked =
    .title = Einladung zurückgezogen
    .cause = Die Einladung wurde am { $date } zurückgezogen.
    .next = Bitten Sie um eine andere, wo Sie eingeladen wurden.

invitation-suspended =
    .title = Einladung ausgesetzt
    .cause = Die Einladung ist seit { $date } ausgesetzt.
    .next = Fragen Sie, wo Sie eingeladen wurden, ab wann sie wieder gilt.

invitation-not-begun =
    .title = Noch nicht offen
    .cause = Die Einladung gilt ab { $date }.
    .next = Kommen Sie dann wieder, oder fragen Sie, wo Sie eingeladen wurden.

invitation-expired =
    .title = Einladung abgelaufen
    .cause = Die Einladung galt bis { $date }.
    .next = Bitten Sie um eine andere, wo Sie eingeladen wurden.

invitation-used-up =
    .title = Einladung aufgebraucht
    .cause = Diese Einladung haben schon so viele genutzt, wie durften.
    .next = Haben Sie sich nicht selbst registriert, bitten Sie um eine andere, wo Sie eingeladen wurden.

invitation-not-suspended =
    .title = Nicht ausgesetzt
    .cause = Einladung { $invitation } ist nicht ausgesetzt.
    .next = Es ist nichts fortzusetzen.

login-taken =
    .title = Anmeldename vergeben
    .cause = Jemand anders hat diesen Anmeldenamen.
    .next = Wählen Sie einen anderen.

changed-meanwhile =
    .title = Inzwischen geändert
    .cause = Das, worum es in diesem Formular geht, wurde am { $time } geändert, nachdem das Formular angezeigt wurde.
    .next = Sehen Sie nach, wie es jetzt steht, und entscheiden Sie neu.

## Agenten und ihre Aufnahmeschlüssel

enrollment-key-unknown =
    .title = Unbekannter Aufnahmeschlüssel
    .cause = Kein Aufnahmeschlüssel hat die Kennung oder den Namen „{ $key }“.
    .next = { $hint ->
        [meant] Meinten Sie „{ $meant }“?
       *[none] Vergleichen Sie mit der Liste der Aufnahmeschlüssel.
    }

enrollment-key-exists =
    .title = Aufnahmeschlüssel schon vorhanden
    .cause = Es gibt schon einen Aufnahmeschlüssel namens „{ $name }“; Groß- und Kleinschreibung zählen nicht.
    .next = Verwenden Sie diesen Schlüssel oder wählen Sie einen anderen Namen.

enrollment-key-wrong =
    .title = Falscher Aufnahmeschlüssel
    .cause = Der gesendete Aufnahmeschlüssel gehört nicht zu diesem Gateway: Er ist abgeschnitten, vertippt oder erfunden.
    .next = Kopieren Sie den ganzen Schlüssel noch einmal in die Konfiguration des Agenten: Benutzer und Passwort, oder Kennung und Geheimnis des Clients.

enrollment-key-replaced =
    .title = Aufnahmeschlüssel ersetzt
    .cause = Das Geheimnis dieses Aufnahmeschlüssels wurde ersetzt; das alte zählt seit dem { $date } nicht mehr.
    .next = Tragen Sie das neue Geheimnis in die Konfiguration des Agenten ein.

enrollment-key-revoked =
    .title = Aufnahmeschlüssel widerrufen
    .cause = Der Aufnahmeschlüssel wurde am { $date } widerrufen und lässt niemanden mehr ein.
    .next = Bitten Sie den GLPI-Administrator um einen anderen Aufnahmeschlüssel.

enrollment-key-suspended =
    .title = Aufnahmeschlüssel ausgesetzt
    .cause = Der Aufnahmeschlüssel ist seit dem { $date } ausgesetzt.
    .next = Am Agenten ist nichts zu tun: Er kommt von selbst wieder, sobald der Schlüssel wieder gilt.

enrollment-key-not-suspended =
    .title = Nicht ausgesetzt
    .cause = Der Aufnahmeschlüssel „{ $key }“ ist nicht ausgesetzt.
    .next = Sehen Sie nach, wie er steht.

enrollment-key-expired =
    .title = Aufnahmeschlüssel abgelaufen
    .cause = Die Zeit des Aufnahmeschlüssels war am { $date } abgelaufen.
    .next = Bitten Sie den GLPI-Administrator um einen anderen Aufnahmeschlüssel.

enrollment-key-full =
    .title = Aufnahmeschlüssel erschöpft
    .cause = Es sind schon so viele Agenten gekommen, wie der Aufnahmeschlüssel einlässt ({ $most }).
    .next = Bitten Sie den GLPI-Administrator um einen anderen Aufnahmeschlüssel oder um Platz in diesem.

enrollment-network-refused =
    .title = Nicht aus diesem Netz
    .cause = Der Aufnahmeschlüssel gilt unter der Adresse { $address } nicht.
    .next = Fragen Sie den GLPI-Administrator, für welche Netze der Schlüssel gilt; hinter einem Proxy, ob das Gateway diesem vertraut.

network-invalid =
    .title = Kein Netz
    .cause = „{ $given }“ ist kein Adressbereich.
    .next = Geben Sie etwa 10.20.0.0/16 oder 2001:db8::/32 an.

signing-key-unknown =
    .title = Unbekannter Signaturschlüssel
    .cause = Kein Signaturschlüssel dieser Installation hat die Kennung „{ $key }“.
    .next = Schlüssel, die eine andere Installation signiert hat, können nicht übernommen werden; stellen Sie neue aus.

key-exists =
    .title = Ein anderer Schlüssel
    .cause = Es gibt einen Schlüssel mit der Kennung „{ $key }“, und es ist ein anderer.
    .next = Vergleichen Sie Abonnement, Signaturschlüssel und Datum.

registration-unknown =
    .title = Unbekannte Registrierung
    .cause = Keine Registrierung hat die Kennung „{ $registration }“.
    .next = Vergleichen Sie mit der Liste der Registrierungen.

agent-unknown =
    .title = Unbekannter Agent
    .cause = Kein Agent hat die Kennung oder das Gerät „{ $agent }“.
    .next = Vergleichen Sie mit der Liste der Agenten.

agent-pending =
    .title = Wartet auf Freigabe
    .cause = Der Agent ist seit dem { $date } bekannt und wartet darauf, dass jemand ihn freigibt.
    .next = Am Agenten ist nichts zu tun: Er kommt von selbst wieder. Wer das Gateway betreibt, gibt ihn frei.

agent-not-pending =
    .title = Schon freigegeben
    .cause = Der Agent „{ $agent }“ wartet nicht auf Freigabe.
    .next = Es ist nichts zu tun.

agent-quarantined =
    .title = Agent in Quarantäne
    .cause = Der Agent wurde am { $date } ausgeschlossen.
    .next = Fragen Sie die Betreiber des Gateways nach dem Grund; sie können ihn wieder einlassen.

agent-not-quarantined =
    .title = Nicht in Quarantäne
    .cause = Der Agent „{ $agent }“ ist nicht in Quarantäne.
    .next = Es ist nichts zu tun.

agent-message-invalid =
    .title = Keine Nachricht eines Agenten
    .cause = { $fault ->
        [too-long] Die Nachricht hat mehr Bytes, als angenommen werden.
        [swells] Die Nachricht entpackt sich zu mehr Bytes, als angenommen werden.
        [packing] Die Nachricht lässt sich nicht entpacken: Sie ist beschädigt oder abgeschnitten.
        [form] Die Nachricht ist weder vollständiges JSON noch vollständiges XML.
        [action] Die Nachricht verlangt nichts, was ein Agent verlangt.
        [device] Die Nachricht sagt nicht, von welcher Maschine sie handelt.
        [agent] Die Nachricht sagt nicht, von welchem Agenten sie kommt.
       *[slow] Die Nachricht kam nicht rechtzeitig an.
    }
    .next = Sehen Sie im Protokoll des Agenten nach, was er sendet, und ob unterwegs nichts daran geändert wird.

glpi-unknown =
    .title = Unbekanntes GLPI
    .cause = Hier ist kein GLPI unter dem Namen „{ $glpi }“ bekannt.
    .next = { $hint ->
        [meant] Meinten Sie „{ $meant }“?
       *[none] Nennen Sie ein bekanntes oder machen Sie es zuerst bekannt.
    }

queued-message-unknown =
    .title = Unbekannte Nachricht
    .cause = Keine Nachricht mit der Nummer „{ $message }“ wartet auf GLPI.
    .next = Vergleichen Sie mit der Warteschlange: Sie kann inzwischen zugestellt worden sein.

## Instanzen, Plätze, Umzüge, Plugins und Testzeiträume

instance-uid-missing =
    .title = GLPI nicht benannt
    .cause = Die Anfrage sagt nicht, welches GLPI fragt: Die Kopfzeile X-Glpi-Network-Uid fehlt.
    .next = Jedes GLPI sendet sie seit 9.5; prüfen Sie, ob ein Proxy zwischen GLPI und dem Dienst Kopfzeilen entfernt, und öffnen Sie dann die Registerkarte „GLPI Network“ erneut.

instance-uid-invalid =
    .title = Kennung des GLPI fehlerhaft
    .cause = { $fault ->
        [length] Die Kennung, die dieses GLPI gesendet hat (X-Glpi-Network-Uid), hat { $number } statt 40 Zeichen.
       *[character] Zeichen { $number } der Kennung, die dieses GLPI gesendet hat (X-Glpi-Network-Uid), ist weder Buchstabe noch Ziffer.
    }
    .next = GLPI bildet diese Kennung selbst und bewahrt sie in seiner Datenbank auf: Prüfen Sie, ob sie dort oder unterwegs verändert wurde.

instance-limit-reached =
    .title = Alle Plätze belegt
    .cause = { $holder ->
        [none] Alle Plätze dieses Abonnements ({ $seats }) sind belegt.
       *[known] Alle Plätze dieses Abonnements ({ $seats }) sind belegt, einer davon durch { $name }.
    }
    .next = { $retry ->
        [none] Bitten Sie Ihren Anbieter, einen Platz freizugeben oder ein Testsystem als solches einzutragen, oder um einen weiteren Platz.
       *[known] Bitten Sie Ihren Anbieter, einen Platz freizugeben oder ein Testsystem als solches einzutragen, oder um einen weiteren Platz; ein Umzug auf diese Instanz kann am { $until } von selbst beginnen.
    }

staging-limit-reached =
    .title = Zu viele Testsysteme
    .cause = Dieses Abonnement wird bereits von so vielen Instanzen für Abnahme und Entwicklung genutzt, wie es erlaubt.
    .next = Bitten Sie Ihren Anbieter, eine freizugeben, die nicht mehr gebraucht wird.

seat-moved =
    .title = Platz umgezogen
    .cause = Am { $date } ist der Platz dieser Instanz an eine andere gegangen, die denselben Schlüssel nutzt.
    .next = Nutzen Sie den Schlüssel nur dort; soll diese Instanz wieder einen Platz bekommen, wenden Sie sich an Ihren Anbieter.

move-lapsed =
    .title = Umzug beendet
    .cause = { $holder ->
        [none] Die Frist für den Umzug auf diese Instanz endete am { $date }, und der Platz blieb, wo er war, weil die alte Instanz noch benutzt wurde.
       *[known] Die Frist für den Umzug auf diese Instanz endete am { $date }, und der Platz blieb bei { $name }, das noch benutzt wurde.
    }
    .next = Entfernen Sie den Schlüssel aus der alten Instanz und bitten Sie Ihren Anbieter, diese zu genehmigen.

move-refused =
    .title = Vom Anbieter nicht erlaubt
    .cause = Am { $date } hat Ihr Anbieter entschieden, dass diese Instanz den Schlüssel nicht nutzen darf.
    .next = Fragen Sie Ihren Anbieter nach dem Grund.

instance-released =
    .title = Platz freigegeben
    .cause = Der Platz dieser Instanz wurde am { $date } freigegeben.
    .next = Wird diese Instanz noch benutzt, bitten Sie Ihren Anbieter, ihr wieder einen Platz zu geben.

seat-moving-here =
    .title = Umzug auf diese Instanz
    .cause = { $asked ->
        [yes] Diese Instanz arbeitet bis { $until } neben { $name }, das den Platz hat und noch benutzt wird.
       *[no] Diese Instanz arbeitet bis { $until } neben { $name }, das den Platz hat.
    }
    .next = { $asked ->
        [yes] Danach hört sie auf: Wenn Sie umziehen, bitten Sie Ihren Anbieter, sie zu genehmigen; ist sie ein Testsystem, lassen Sie sie als solches eintragen.
       *[no] Fragt die alte bis dahin nicht mehr, geht der Platz von selbst hierher; ist dies ein Testsystem, bitten Sie Ihren Anbieter, es als solches einzutragen.
    }

seat-moving-away =
    .title = Eine andere Instanz zieht ein
    .cause = Seit { $since } nutzt eine andere Instanz, { $name }, denselben Schlüssel; beide arbeiten bis { $until }.
    .next = Weil diese noch benutzt wird, behält sie den Platz; falls Sie umgezogen sind, entfernen Sie hier den Schlüssel oder bitten Sie Ihren Anbieter, die neue Instanz zu genehmigen.

instance-unknown =
    .title = Instanz unbekannt
    .cause = Keine Instanz hat die Kennung, die UID oder die Adresse „{ $instance }“.
    .next = Vergleichen Sie sie mit der Liste der Instanzen.

instance-ambiguous =
    .title = Mehrere Instanzen
    .cause = „{ $instance }“ steht für mehrere Instanzen: Verschiedene Abonnements kennen sie.
    .next = Wählen Sie eine anhand ihrer Kennung: { $known }.

nothing-to-decide =
    .title = Nichts zu entscheiden
    .cause = Die Instanz ist im Zustand „{ $state }“ und wartet auf keine Entscheidung.
    .next = Sehen Sie sich die Instanz an; um ihr den Platz zu nehmen, geben Sie ihn frei.

nothing-to-release =
    .title = Nichts freizugeben
    .cause = Die Instanz ist im Zustand „{ $state }“ und hat keinen Platz.
    .next = Es ist nichts zu tun; suchen Sie die Instanz, die den Platz hat.

seats-in-use =
    .title = Plätze belegt
    .cause = { $taken } Plätze des Abonnements sind belegt, es kann also nicht nur { $seats } haben.
    .next = Geben Sie zuerst Plätze frei.

releases-spent =
    .title = Nicht ohne den Anbieter
    .cause = { $most ->
        [0] Dieses Abonnement erlaubt es nicht, einen Platz ohne den Anbieter freizugeben.
       *[other] Plätze dieses Abonnements dürfen { $most } Mal im Jahr ohne den Anbieter freigegeben werden, und das ist geschehen.
    }
    .next = { $again ->
        [none] Bitten Sie Ihren Anbieter, den Platz freizugeben.
       *[known] Bitten Sie Ihren Anbieter, den Platz freizugeben, oder versuchen Sie es am { $until } erneut.
    }

environment-unknown =
    .title = Umgebung unbekannt
    .cause = Keine Umgebung heißt „{ $given }“.
    .next = Wählen Sie eine von diesen: production, staging, development.

number-invalid =
    .title = Zahl nicht möglich
    .cause = Der Wert des Feldes „{ $field }“ ist kleiner als { $least } oder größer als { $most }.
    .next = Wählen Sie eine Zahl von { $least } bis { $most }.

url-invalid =
    .title = Adresse nicht möglich
    .cause = { $fault ->
        [empty] Die Adresse des Standorts ist leer.
        [too-long] Die Adresse des Standorts ist länger als { $most } Bytes.
        [scheme] Die Adresse des Standorts beginnt nicht mit https:// oder http://.
        [credentials] Die Adresse des Standorts enthält einen Benutzernamen oder ein Kennwort.
        [host] Die Adresse des Standorts nennt keinen möglichen Server.
        [port] Die Adresse des Standorts nennt keinen möglichen Port.
       *[character] Die Adresse des Standorts enthält ein Leerzeichen, ein Steuerzeichen oder einen umgekehrten Schrägstrich.
    }
    .next = { $fault ->
        [credentials] Senden Sie die Adresse ohne sie, und ändern Sie ein Kennwort, das gesendet wurde.
       *[other] Senden Sie die Adresse so, wie sie in der Adresszeile des Browsers steht, zum Beispiel https://glpi.example.org/glpi.
    }

plugin-not-covered =
    .title = Plugin nicht enthalten
    .cause = Das Abonnement enthält das Plugin „{ $plugin }“ nicht.
    .next = { $hint ->
        [none] Es enthält kein Plugin; bitten Sie Ihren Anbieter um einen Schlüssel, der das tut.
       *[known] Es enthält: { $known }; bitten Sie Ihren Anbieter um einen Schlüssel, der dieses enthält.
    }

trial-unavailable =
    .title = Kein Test möglich
    .cause = Das Plugin „{ $plugin }“ lässt sich nicht ohne Schlüssel testen.
    .next = Tragen Sie einen Schlüssel ein; Ihr Anbieter stellt ihn aus.

trial-running =
    .title = Testzeitraum
    .cause = Der Testzeitraum dauert bis { $until }.
    .next = Um danach weiterzuarbeiten, tragen Sie einen Schlüssel ein; Ihr Anbieter stellt ihn aus.

trial-ended =
    .title = Testzeitraum vorbei
    .cause = Der Testzeitraum endete am { $date }; jedes Plugin lässt sich je GLPI einmal testen.
    .next = Um weiterzuarbeiten, tragen Sie einen Schlüssel ein; Ihr Anbieter stellt ihn aus und kann den Test auch verlängern.

trial-unknown =
    .title = Testzeitraum unbekannt
    .cause = Kein Testzeitraum hat die Kennung „{ $trial }“.
    .next = Vergleichen Sie die Kennung mit der Liste der Testzeiträume.

trial-already-subscribed =
    .title = Bereits ein Abonnement
    .cause = Der Testzeitraum wurde bereits zum Abonnement { $subscription }.
    .next = Verlängern Sie stattdessen dieses Abonnement.

## Was auf unserer Seite nicht gelang

store-unavailable =
    .title = Datenbank nicht verfügbar
    .cause = Der Dienst erreicht seine Datenbank zurzeit nicht; über den Schlüssel sagt das nichts aus.
    .next = Versuchen Sie es in einigen Minuten erneut; der Betreiber des Dienstes sollte die Datenbank und ihren Datenträger prüfen.

key-not-in-store =
    .title = Schlüssel fehlt in der Datenbank
    .cause = Der Schlüssel { $key } ist echt, aber die Datenbank des Dienstes enthält ihn nicht; vermutlich wurde eine ältere Sicherung zurückgespielt.
    .next = Behalten Sie den Schlüssel und verständigen Sie Ihren Anbieter; der Betreiber des Dienstes sollte die neueste Sicherung zurückspielen.

clock-suspect =
    .title = Uhr nicht verlässlich
    .cause = Die Uhr des Dienstes geht anscheinend falsch; vorerst gibt er deshalb über keinen Schlüssel Auskunft.
    .next = Versuchen Sie es später erneut; der Betreiber des Dienstes sollte die Uhr stellen oder, falls sie richtig geht, bestätigen.

secret-unreadable =
    .title = Geheimnis nicht lesbar
    .cause = Ein Geheimnis in der Datenbank lässt sich mit dem aktuellen Hauptschlüssel nicht öffnen.
    .next = Der Betreiber des Dienstes sollte ihn mit dem Hauptschlüssel starten, der zu dieser Datenbank gehört.

overloaded =
    .title = Dienst überlastet
    .cause = Beim Dienst gehen mehr Anfragen ein, als er rechtzeitig beantworten kann; über den Schlüssel sagt das nichts aus.
    .next = Versuchen Sie es in einigen Minuten erneut; hält es an, verständigen Sie den Betreiber des Dienstes.

restart-needed =
    .title = Neustart nötig
    .cause = Der Dienst läuft mit einer Einstellung, die inzwischen geändert wurde, und ändert daher vorerst nichts.
    .next = Versuchen Sie es später noch einmal; wer den Dienst betreibt, sollte ihn neu starten.

internal-error =
    .title = Interner Fehler
    .cause = Ein Fehler im Dienst selbst hat eine Antwort verhindert; über den Schlüssel sagt das nichts aus.
    .next = Versuchen Sie es in einigen Minuten erneut; hält es an, verständigen Sie den Betreiber des Dienstes, dessen Protokoll die Einzelheiten enthält.

## Anfragen von Programmen, und was an ihnen nicht stimmt

token-missing =
    .title = Kein Token
    .cause = { $gap ->
        [header] Die Anfrage hat keine Kopfzeile Authorization, oder mehr als eine.
        [scheme] Die Kopfzeile Authorization besteht nicht aus „Bearer“ und einem Token.
       *[empty] Auf „Bearer“ folgt kein Token.
    }
    .next = Senden Sie ein Token in der Kopfzeile „Authorization: Bearer“; der Betreiber des Dienstes legt eines mit „latchkey token create“ an.

token-not-known =
    .title = Token nicht bekannt
    .cause = { $shaped ->
        [yes] Dieses Token gehört nicht zu diesem Dienst, oder sein Geheimnis ist ein anderes.
       *[no] Der Text nach „Bearer“ ist kein Token dieses Dienstes: eines beginnt mit lkapi_.
    }
    .next = Prüfen Sie, zu welchem Dienst das Token gehört; der Betreiber dieses Dienstes legt ein neues mit „latchkey token create“ an.

token-damaged =
    .title = Token unvollständig
    .cause = Das Token ist nicht ganz: Zeichen fehlen, oder eines wurde verändert.
    .next = Kopieren Sie das Token noch einmal, vom ersten bis zum letzten Zeichen.

token-expired =
    .title = Token abgelaufen
    .cause = Das Token { $token } endete um { $since }.
    .next = Der Betreiber des Dienstes legt ein neues mit „latchkey token create“ an.

token-revoked =
    .title = Token widerrufen
    .cause = Das Token { $token } wurde um { $since } widerrufen.
    .next = Der Betreiber des Dienstes legt ein neues mit „latchkey token create“ an.

token-misplaced =
    .title = Token in der Adresse
    .cause = Ein Token wurde in der Adresse gesendet, die unterwegs in Protokolle und Verläufe geschrieben wird.
    .next = Widerrufen Sie dieses Token, und senden Sie ein neues in der Kopfzeile „Authorization: Bearer“.

scope-missing =
    .title = Das Token darf das nicht
    .cause = Dazu braucht es ein Token mit der Berechtigung { $scope }.
    .next = Verwenden Sie ein anderes Token, oder lassen Sie eines mit dieser Berechtigung anlegen: „latchkey token create --scope { $scope }“.

too-many-requests =
    .title = Zu viele Anfragen
    .cause = Dieses Token sendet mehr als { $most } Anfragen in der Minute.
    .next = Warten Sie so lange, wie die Kopfzeile Retry-After sagt, und fahren Sie langsamer fort; der Betreiber des Dienstes kann token_requests_per_minute erhöhen.

too-many-failed-keys =
    .title = Zu viele Schlüssel, die keine sind
    .cause = Von dieser Adresse kamen in einer Minute zu viele Schlüssel, die nicht ganz oder nicht echt sind.
    .next = Prüfen Sie den Schlüssel mit „latchkey key inspect“, und versuchen Sie es später erneut. Gute Schlüssel erhalten immer ihre Antwort.

body-not-json =
    .title = Der Inhalt ist kein JSON
    .cause = Die Kopfzeile Content-Type nennt nicht application/json.
    .next = Senden Sie JSON, mit der Kopfzeile „Content-Type: application/json“.

headers-too-long =
    .title = Die Kopfzeilen sind zu lang
    .cause = Die Kopfzeilen sind zusammen länger als { $most } Bytes.
    .next = Senden Sie weniger oder kürzere Kopfzeilen; vielleicht kam unterwegs ein Cookie oder Token eines anderen Programms hinzu.

body-too-long =
    .title = Der Inhalt ist zu lang
    .cause = Der Inhalt ist länger als { $most } Bytes, oder er brach ab.
    .next = Senden Sie weniger auf einmal.

body-malformed =
    .title = Der Inhalt ist nicht lesbar
    .cause = { $fault ->
        [no-object] Der Inhalt ist JSON, aber kein Objekt.
        [twice] Das Feld „{ $member }“ steht zweimal im Inhalt.
        [too-deep] Werte des Inhalts sind mehr als { $most } Ebenen tief verschachtelt.
       *[syntax] Der Inhalt ist kein JSON: ab Zeile { $line }, Zeichen { $column } ist er nicht lesbar.
    }
    .next = Senden Sie ein einziges JSON-Objekt in UTF-8, jedes Feld einmal.

body-invalid =
    .title = Der Inhalt ist nicht, wie er sein soll
    .cause = { $fault ->
        [unknown] Es gibt kein Feld „{ $name }“. Es gibt: { $known }.
        [missing] Das Feld „{ $name }“ fehlt.
        [twice] Das Feld „{ $name }“ steht zweimal da.
        [not-one-of] „{ $given }“ ist kein Wert des Feldes „{ $name }“. Es gibt: { $known }.
        [wants-text] Das Feld „{ $name }“ muss ein Text sein.
        [wants-number] Das Feld „{ $name }“ muss eine ganze, nicht negative Zahl sein.
        [wants-list] Das Feld „{ $name }“ muss eine Liste sein.
        [out-of-range] Das Feld „{ $name }“ geht von { $least } bis { $most }.
       *[other] Das Feld „{ $name }“ hat einen Wert der falschen Art.
    }
    .next = Vergleichen Sie den Inhalt mit der Beschreibung des Vorgangs in /api/v1/docs.

parameter-invalid =
    .title = Ein Parameter ist nicht, wie er sein soll
    .cause = { $fault ->
        [unknown] Es gibt keinen Parameter „{ $name }“. Es gibt: { $known }.
        [missing] Der Parameter „{ $name }“ fehlt.
        [twice] Der Parameter „{ $name }“ steht zweimal da.
        [not-one-of] „{ $given }“ ist kein Wert des Parameters „{ $name }“. Es gibt: { $known }.
        [wants-number] Der Parameter „{ $name }“ muss eine ganze, nicht negative Zahl sein.
        [out-of-range] Der Parameter „{ $name }“ geht von { $least } bis { $most }.
        [foreign-cursor] Der Parameter „{ $name }“ wurde nicht von dieser Liste ausgegeben.
        [no-instant] Der Parameter „{ $name }“ ist weder ein Zeitpunkt wie 2027-02-28T12:00:00Z noch ein Tag.
        [no-day] Der Parameter „{ $name }“ ist kein Tag wie 2027-02-28.
        [not-taken] Diese Adresse nimmt keine Parameter.
       *[other] Der Parameter „{ $name }“ hat einen Wert der falschen Art.
    }
    .next = Vergleichen Sie die Adresse mit der Beschreibung des Vorgangs in /api/v1/docs.

idempotency-key-invalid =
    .title = Kein Idempotency-Key
    .cause = Die Kopfzeile Idempotency-Key steht mehr als einmal da, oder hat nicht 1 bis { $most } sichtbare ASCII-Zeichen.
    .next = Geben Sie jeder Anfrage einen eigenen Namen, etwa eine UUID.

idempotency-key-reused =
    .title = Eine andere Anfrage hatte diesen Namen
    .cause = In den letzten 24 Stunden sandte dieses Token eine andere Anfrage unter demselben Idempotency-Key.
    .next = Geben Sie jeder Anfrage einen eigenen Namen, und wiederholen Sie eine Anfrage genau so, wie sie war.

not-found =
    .title = Nichts unter dieser Adresse
    .cause = „{ $path }“ ist keine Adresse dieses Dienstes.
    .next = Prüfen Sie die Adresse; GLPI selbst braucht nur die Basisadresse des Dienstes, ohne Pfad.

method-not-allowed =
    .title = Diese Adresse nimmt eine andere Methode
    .cause = „{ $path }“ nimmt { $method } nicht.
    .next = GLPI fragt mit GET; was Programme senden dürfen, steht in /api/v1/docs.

stopping =
    .title = Dieser Server hört gleich auf
    .cause = Er soll anhalten, und beendet, was noch läuft.
    .next = Fragen Sie einen anderen, oder versuchen Sie es erneut, wenn er wieder da ist.

## Anfragen an andere, und warum sie ohne Antwort blieben

outgoing-url-invalid =
    .title = Keine Adresse, die gefragt werden kann
    .cause = { $fault ->
        [scheme] Die Adresse beginnt weder mit https:// noch mit http://.
        [credentials] Die Adresse enthält einen Benutzernamen oder ein Passwort, die in Protokollen landen würden.
        [length] Die Adresse ist zu lang.
       *[form] Die Adresse ist nicht lesbar.
    }
    .next = Geben Sie eine wie https://glpi.example.org an, mit nichts vor dem Rechnernamen.

outgoing-address-forbidden =
    .title = Diese Adresse wird nicht gefragt
    .cause = { $allowable ->
        [yes] { $origin } führt zu { $address }; das gehört zu dieser Maschine oder einem privaten Netz.
       *[no] { $origin } führt zu { $address }; dort wird nie gefragt, denn an solchen Adressen werden Zugangsdaten von Maschinen ausgegeben, oder es ist niemand da.
    }
    .next = { $allowable ->
        [yes] Darf sie erreicht werden, erlaubt sie der Betreiber des Dienstes mit der Einstellung outgoing_allow, etwa "{ $address }".
       *[no] Geben Sie die Adresse des Dienstes an, den Sie meinen.
    }

outgoing-name-unknown =
    .title = Name nicht bekannt
    .cause = Für den Rechner von { $origin } ist keine Adresse bekannt.
    .next = Prüfen Sie die Schreibweise, und ob der Namensdienst des Servers den Rechner kennt.

outgoing-not-connected =
    .title = Keine Verbindung
    .cause = { $why ->
        [refused] Unter { $origin } nimmt niemand Verbindungen an.
        [unreachable] Von diesem Server führt kein Weg zu { $origin }.
       *[other] Zu { $origin } lässt sich keine Verbindung herstellen.
    }
    .next = Prüfen Sie Rechner und Port, ob der andere Dienst läuft und ob eine Firewall diesen Server durchlässt.

outgoing-not-trusted =
    .title = Nicht vertrauenswürdig
    .cause = { $why ->
        [issuer] Niemand, den dieser Server kennt, bürgt für das Zertifikat von { $origin }.
        [name] Das Zertifikat von { $origin } gehört zu einem anderen Rechner.
        [time] Das Zertifikat von { $origin } ist abgelaufen oder noch nicht gültig.
       *[no-tls] { $origin } spricht kein TLS, oder keines, das dieser Server spricht.
    }
    .next = { $why ->
        [issuer] Stammt das Zertifikat von einer eigenen Stelle, fügen Sie diese den Zertifikaten des Systems hinzu, oder nennen Sie ihre Datei mit outgoing_ca_file.
        [name] Verwenden Sie den Namen, der im Zertifikat steht, oder lassen Sie es für diesen Rechner erneuern.
        [time] Lassen Sie das Zertifikat erneuern, und prüfen Sie die Uhr dieses Servers.
       *[no-tls] Prüfen Sie den Port, und ob die Adresse mit http:// beginnen sollte.
    }

outgoing-timed-out =
    .title = Keine Antwort zur rechten Zeit
    .cause = { $stage ->
        [name] Die Adressen des Rechners von { $origin } wurden nicht rechtzeitig gefunden.
        [connection] { $origin } nahm die Verbindung nicht rechtzeitig an.
       *[answer] { $origin } antwortete nicht rechtzeitig.
    }
    .next = Prüfen Sie, ob der andere Dienst läuft und nicht überlastet ist, und ob eine Firewall diesen Server durchlässt.

outgoing-answer-too-long =
    .title = Antwort zu lang
    .cause = Die Antwort von { $origin } ist länger als { $most } Bytes.
    .next = Prüfen Sie, ob die Adresse die des Dienstes ist, den Sie meinen.

outgoing-redirected =
    .title = Weiterverwiesen
    .cause = { $where ->
        [known] { $origin } verweist auf { $to }, wohin die Anfrage nicht folgt.
       *[unknown] { $origin } verweist auf eine Adresse, die nicht gefragt werden kann.
    }
    .next = Geben Sie die endgültige Adresse an, wenn Sie ihr vertrauen.

outgoing-broken-off =
    .title = Antwort nicht verstanden
    .cause = Die Verbindung zu { $origin } brach ab, oder was über sie kam, ist kein HTTP.
    .next = Prüfen Sie Rechner und Port, und sehen Sie im Protokoll des anderen Dienstes nach.

## Der Marktplatz: Plugins

archive-refused =
    .title = Archiv nicht veröffentlicht
    .cause = { $fault ->
        [not-one] Es ist weder tar.gz noch tar.bz2 noch zip.
        [damaged] Das Archiv bricht ab, oder seine Prüfsummen stimmen nicht.
        [empty] Das Archiv enthält keine Datei.
        [too-long] Das Archiv ist länger als die erlaubten { $about } Bytes.
        [path] Der Pfad „{ $about }“ ist absolut, führt aus dem Ordner hinaus oder enthält Zeichen, die in keinen Pfad gehören.
        [link] Der Link „{ $about }“ führt aus dem Ordner des Plugins hinaus, oder ein anderer Pfad führt durch ihn.
        [special] „{ $about }“ ist ein Gerät, eine Pipe oder etwas anderes, das kein Plugin enthält.
        [twice] Der Pfad „{ $about }“ kommt zweimal vor.
        [too-many] Das Archiv enthält mehr als { $about } Dateien.
        [too-large] Aus dem Archiv kommen mehr als { $about } Bytes heraus.
        [bomb] Aus dem Archiv kommt mehr als das { $about }-Fache dessen heraus, was hineinging.
        [top] Neben dem Ordner des Plugins steht „{ $about }“ zuoberst im Archiv.
        [folder] Der Ordner „{ $about }“ ist nicht wie ein Plugin benannt: Buchstaben und Ziffern, zuerst ein Buchstabe.
        [no-setup] Der Ordner „{ $about }“ hat keine setup.php.
        [other-plugin] setup.php hat keine Funktion { $about }: Der Ordner heißt nicht wie das Plugin.
        [no-version] setup.php nennt keine Version, die sich lesen lässt, ohne sie auszuführen.
        [other-version] setup.php nennt Version { $about }, veröffentlicht werden sollte aber { $wanted }.
       *[range] setup.php nennt unmögliche Versionen von GLPI: { $about }.
    }
    .next = Es wurde nichts gespeichert. Packen Sie das Plugin als einen einzigen Ordner, der wie das Plugin heißt und dessen setup.php enthält, und veröffentlichen Sie diesen.

plugin-sheet-invalid =
    .title = Die Beschreibung des Plugins enthält Fehler
    .cause = { $mistakes }
    .next = Berichtigen Sie sie und veröffentlichen Sie erneut; es wurde nichts gespeichert.

plugin-sheet-mistake =
    .title = Die Beschreibung des Plugins enthält Fehler
    .cause = { $fault ->
        [not-xml] Zeile { $line }: kein wohlgeformtes XML.
        [root] Zeile { $line }: das äußerste Element ist nicht „root“.
        [missing] Zeile { $line }: „{ $about }“ fehlt.
        [twice] Zeile { $line }: „{ $about }“ kommt zweimal vor.
        [text] Zeile { $line }: „{ $about }“ ist leer, zu lang oder enthält unerlaubte Zeichen.
        [address] Zeile { $line }: „{ $about }“ ist keine Adresse, die mit https:// oder http:// beginnt.
        [other-plugin] Zeile { $line }: sie beschreibt ein anderes Plugin: „{ $about }“.
       *[version-missing] Zeile { $line }: Version { $about } des Archivs ist nicht unter ihren Versionen.
    }
    .next = Berichtigen Sie sie und veröffentlichen Sie erneut; es wurde nichts gespeichert.

plugin-unknown =
    .title = Unbekanntes Plugin
    .cause = Kein Plugin hat den Schlüssel „{ $plugin }“.
    .next = { $hint ->
        [meant] Meinten Sie „{ $meant }“?
       *[none] Sehen Sie in der Liste der Plugins nach.
    }

plugin-version-unknown =
    .title = Unbekannte Version
    .cause = Das Plugin { $plugin } hat keine Version „{ $version }“.
    .next = Sehen Sie die Versionen des Plugins an.

plugin-version-exists =
    .title = Version schon veröffentlicht
    .cause = Version { $version } von { $plugin } wurde am { $date } veröffentlicht; was einmal heruntergeladen wurde, wird nie durch etwas anderes ersetzt.
    .next = Geben Sie dem Plugin eine höhere Version und veröffentlichen Sie diese.

plugin-version-withdrawn =
    .title = Version zurückgezogen
    .cause = Version { $version } von { $plugin } wurde am { $date } zurückgezogen.
    .next = Verwenden Sie eine andere Version des Plugins.

plugin-not-opened =
    .title = Plugin nicht im Abonnement
    .cause = Das Abonnement dieses Schlüssels enthält das Plugin { $plugin } nicht.
    .next = Es gehört zu: { $offers }. Fragen Sie Ihren Anbieter nach einem dieser Angebote.

channel-unknown =
    .title = Unbekannter Kanal
    .cause = Es gibt keinen Kanal „{ $given }“.
    .next = Es gibt: stable, pre-release.

storage-unavailable =
    .title = Archive nicht erreichbar
    .cause = Der Ort, an dem Archive aufbewahrt werden, antwortet nicht oder ist voll.
    .next = Versuchen Sie es in einer Minute erneut; hält es an, sagen Sie es dem Anbieter.

plugin-withdrawn-here =
    .title = Version zurückgezogen
    .cause = Version { $version } des Plugins { $plugin }, die dieses GLPI heruntergeladen hat, wurde vom Anbieter zurückgezogen.
    .next = Aktualisieren Sie das Plugin, oder deaktivieren Sie es, bis es eine andere Version gibt.
