## The mail with which a vendor sends a key

mail-subject = Your registration key for GLPI
mail-hello = Hello,
mail-what = here is the registration key of { $customer } for “{ $offer }”. The last day of the subscription is { $ends }.
mail-where = In your GLPI, open Setup > General > GLPI Network, paste the key as one line into “Registration key”, and save.
mail-service = If your GLPI does not ask our service yet, put this line into its file config/local_define.php first:
mail-check = How the key stands can be seen at any time here: { $address }
mail-keep = The key stays the same when the subscription is renewed. Whoever has it can use it, so please do not pass it on.
mail-bye = Kind regards

## The page where anybody who has a key sees how it stands

check-title = How does my registration key stand?
check-intro = Paste the key as your vendor sent it. It is looked at, answered for, and not kept.
check-field = Registration key
check-do = Check the key
check-open = The key is in order
check-closed = The key is true, but its subscription does not run
check-refused = The key does not count
check-last-day = Last day of the subscription
check-grace = Everything works up to and including
check-offer = Subscription
check-answer = What is so
check-next = Next step
check-nothing = There is nothing to do.
check-wait = Too many texts came from your address that are no keys. Try again in { $seconds } seconds.
page-language = Language

## The form of an invitation, and what comes of it

join-title = Create your account
join-intro = You were invited to { $name }. Fill in the form, and your account is made.
invite-sheet = You were invited to { $name }. Scan this code with your phone, or type the address below into a browser, and fill in the form.
join-firstname = First name
join-realname = Last name
join-email = E-mail address
join-login = Login
join-password = Password
join-password2 = Password again
join-login-hint = With this you will sign in. It is made from your name, if left empty.
join-email-hint = An address of { $domains }.
join-password-hint = At least { $least } characters. A few words that do not belong together are easy to remember and hard to guess.
join-digit = A digit has to be in it.
join-lower = A lower-case letter has to be in it.
join-upper = An upper-case letter has to be in it.
join-symbol = A character that is neither letter nor digit has to be in it.
join-do = Create the account
join-faults = Not everything is right yet. What was typed is kept, but for the passwords.
join-empty = This cannot be empty.
join-too-long = This has more than { $most } characters.
join-character = “{ $character }” cannot stand here.
join-unseen = There is a character in it that cannot be seen.
join-no-email = This is not an e-mail address, such as name@example.org.
join-other-domain = Only addresses of { $domains } are invited.
join-imitates = This login looks like another one: blanks at its ends, letters of several scripts or characters that cannot be seen.
join-reserved = This login is reserved. Choose another one.
join-taken = Somebody else has this login. Choose another one.
join-too-short = The password needs at least { $least } characters.
join-no-digit = There is no digit in it.
join-no-lower = There is no lower-case letter in it.
join-no-upper = There is no upper-case letter in it.
join-no-symbol = There is nothing but letters and digits in it.
join-differs = The two passwords are not the same.
join-known = This password is on lists that became known, where others try it first.
join-weak = This password is guessed too soon. Make it longer, without your name and without rows of keys.
join-complete-title = Your account is ready
join-complete = You can sign in with the login { $login }.
join-sign-in = To sign in
join-directory = Your registration is kept under the login { $login }. Whoever invited you takes it from here.
join-waiting-title = Your registration is kept
join-waiting = The service that makes the account does not answer just now. You need not fill in anything again: the account { $login } is made as soon as it does. Keep this page, and look again later.
join-incomplete = Your account { $login } is there, but not everything about it is as it should be. Whoever invited you sees that, too.
join-taken-title = The login is taken
join-taken-page = Somebody else had the login { $login }. Open your invitation again, and choose another one.
join-password-title = Choose your password again
join-password-page = The service did not answer for so long that your password is no longer held. Choose one again, and the account { $login } is made.
join-password-do = Keep this password
join-again = Look again
join-closed-title = This link opens nothing
join-closed = There is no invitation behind it, or you have waited for too long: a form can be filled in for two hours.
join-closed-next = Open the link of your invitation again, as it was sent. If that does not help, ask whoever sent it.
join-wait-title = Please wait a little
join-wait = Too much was sent from your address, or for this invitation. Try again in { $seconds } seconds.
join-foreign = The form did not come from this page. Open the link of your invitation again.
join-required = All fields but the login have to be filled in.
