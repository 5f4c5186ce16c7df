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
check-language = Language
