## Texts that are not one of our keys, whole and true

key-missing =
    .title = No key
    .cause = No registration key was sent.
    .next = Copy the whole key that your vendor sent you and paste it into GLPI’s “GLPI Network” tab.

key-too-long =
    .title = Text too long for a key
    .cause = The text has { $length } characters, far more than any registration key.
    .next = Copy only the key itself, a single line, and paste it again.

key-whitespace =
    .title = White space inside the key
    .cause = { $kind ->
        [line-break] The key contains a line break after character { $after }.
        [space] The key contains a space after character { $after }.
        [tab] The key contains a tab after character { $after }.
       *[other] The key contains white space after character { $after }.
    }
    .next = { $whole ->
        [yes] Remove all spaces and line breaks from the key: without them it is complete.
       *[no] Copy the whole key again, as a single line, from where your vendor sent it; removing the white space is not enough here.
    }

key-alphabet =
    .title = Wrong character in the key
    .cause = { $shown ->
        [yes] Character { $at } of the key is “{ $character }”, which cannot stand there.
       *[no] Character { $at } of the key is one that no key contains.
    }
    .next = Copy the whole key again, without quotation marks or other text around it, and paste it again.

key-truncated =
    .title = Key cut off
    .cause = The end of the key is missing: it was cut off after character { $after }.
    .next = Copy the key again to its very end and paste it again.

key-beginning-missing =
    .title = Beginning of the key missing
    .cause = The beginning of the key is missing.
    .next = Copy the key again from its very first character and paste it again.

key-trailing =
    .title = Text after the key
    .cause = The key is complete after character { $after }, but more text follows it.
    .next = Delete everything after character { $after }; a key must not be pasted twice either.

key-altered =
    .title = Key altered
    .cause = { $part ->
        [encoding] The key was altered: its encoding is not as it was issued.
        [layout] The key was altered: its structure is not as it was issued.
        [version] The key was altered: its format version is not as it was issued.
        [signing-key] The key was altered: the id of its signing key is not as it was issued.
        [key-id] The key was altered: its id is not as it was issued.
        [issue-date] The key was altered: its issue date is not as it was issued.
       *[signature] The key was altered: its signature is not as it was issued.
    }
    .next = Copy the key again from where your vendor sent it, or ask your vendor to send it again.

key-format-unknown =
    .title = Key format unknown
    .cause = The key has format { $version }, which this service does not know yet.
    .next = Inform your vendor: whoever runs the service should update it.

key-foreign =
    .title = Key of another vendor
    .cause = { $origin ->
        [publisher] The key comes from another vendor ({ $publisher }), not from the one whose service answers here.
       *[format] This is a registration key, but not one that the vendor whose service answers here has issued.
    }
    .next = Enter the key of the vendor whose service this GLPI asks, or have the service address in GLPI’s configuration checked.

key-not-a-key =
    .title = Not a registration key
    .cause = The text is not a registration key.
    .next = Copy the whole key that your vendor sent you and paste it into GLPI’s “GLPI Network” tab.

key-signer-unknown =
    .title = Signing key unknown
    .cause = The key was signed with { $signer }, a signing key that this service does not know.
    .next = Inform your vendor: whoever runs the service should make that signing key known to it, or issue you a new key.

key-forged =
    .title = Signature wrong
    .cause = The signature of the key is not genuine: the key was changed or forged.
    .next = Copy the key again from where your vendor sent it; if the message remains, ask your vendor for a new key.

## Keys that were ours, and no longer count

key-revoked =
    .title = Key withdrawn
    .cause = This key was withdrawn on { $date }.
    .next = Ask your vendor for a new key and enter it in GLPI’s “GLPI Network” tab.

key-superseded =
    .title = Key replaced
    .cause = This key was replaced by one issued on { $issued } and stopped working on { $date }.
    .next = { $new ->
        [withdrawn] The new key has been withdrawn since; ask your vendor for another one.
       *[counts] Enter the new key in GLPI’s “GLPI Network” tab; if you do not have it, ask your vendor for key { $key }.
    }

key-overlap =
    .title = { $new ->
        [withdrawn] Key replaced
       *[counts] A new key is waiting
    }
    .cause = This key has been replaced by one issued on { $issued } and works only until { $until }.
    .next = { $new ->
        [withdrawn] The new key has been withdrawn since; ask your vendor for another one before then.
       *[counts] Enter the new key in GLPI’s “GLPI Network” tab before then; if you do not have it, ask your vendor for key { $key }.
    }

## Subscriptions

valid = The key is valid; the last day of the subscription is { $ends }.

subscription-ends-soon =
    .title = Subscription ends soon
    .cause = The subscription ends soon: its last day is { $ends }.
    .next = Renew it with your vendor by that day; the key stays the same.

subscription-in-grace =
    .title = Subscription in its grace period
    .cause = The last day of the subscription was { $ended }; everything keeps working up to and including { $until }.
    .next = Renew it with your vendor by that day; the key stays the same.

subscription-not-begun =
    .title = Subscription not begun
    .cause = The subscription has not begun yet: its first day is { $begins }.
    .next = The key will work from that day on; if it should begin earlier, contact your vendor.

subscription-expired =
    .title = Subscription expired
    .cause = The subscription has expired: its last day was { $ended }.
    .next = Renew it with your vendor; the key stays the same.

subscription-suspended =
    .title = Subscription suspended
    .cause = Your vendor suspended the subscription on { $date }.
    .next = Contact your vendor; once the subscription is resumed, the same key works again.

subscription-terminated =
    .title = Subscription terminated
    .cause = Your vendor ended the subscription for good on { $date }.
    .next = To go on, take out a new subscription with your vendor; you will receive a new key.

## What an operator asked for and does not get

text-invalid =
    .title = Text not accepted
    .cause = { $fault ->
        [empty] The field “{ $field }” is empty.
        [too-long] The text in the field “{ $field }” has more than { $most } characters.
        [control] Character { $at } in the field “{ $field }” is a line break or another invisible control character.
       *[character] Character { $at } in the field “{ $field }” is not allowed there.
    }
    .next = { $rule ->
        [reference] A reference has at most 40 characters, begins with a lower-case letter, and goes on with lower-case letters, digits, hyphens, underscores or dots.
       *[text] Correct the text and try again.
    }

field-customer = customer
field-reason = reason
field-offer = offer
field-title = title
field-name = name
field-email = e-mail address
field-days = days
field-registrations-days = days for registrations
field-agents-days = days for agents
field-overlap-days = overlap days
field-grace-days = grace days
field-tag = tag
field-agents = agents
field-plugin = plugin
field-seats = seats
field-staging-limit = staging limit
field-moves = moves a year
field-releases = self-service releases a year
field-move-days = move window days
field-cooling-off-days = cooling-off days
field-trial-days = trial days
field-inventory-user = user for inventories
field-inventory-password = password for inventories
field-inventory-client-id = client id for inventories
field-inventory-client-secret = client secret for inventories

## Versions of GLPI that a plugin is for

range-both = { $min } to before { $max }
range-from = { $min } and later
range-before = before { $max }
range-any = any version

offer-unknown =
    .title = Unknown offer
    .cause = No offer has the reference “{ $reference }”.
    .next = { $hint ->
        [meant] Did you mean “{ $meant }”? There are: { $known }.
        [known] There are: { $known }.
       *[none] There are no offers yet: create one first.
    }

customer-unknown =
    .title = Unknown customer
    .cause = No customer has the name or id “{ $customer }”.
    .next = { $hint ->
        [meant] Did you mean “{ $meant }”?
       *[none] Check the spelling, or create the customer first.
    }

customer-exists =
    .title = Customer exists already
    .cause = There is already a customer named “{ $customer }”; upper and lower case make no difference.
    .next = Use the existing customer, or choose another name.

customer-erased =
    .title = Customer erased
    .cause = Customer { $customer } was erased on { $date }: the name is gone for good, and nothing more is sold to it.
    .next = Create a new customer if there is a new contract.

subscription-unknown =
    .title = Unknown subscription
    .cause = No subscription has the id “{ $subscription }”.
    .next = Check the id against the list of subscriptions.

key-unknown =
    .title = Unknown key
    .cause = No key has the id “{ $key }”.
    .next = Check the id against the list of keys.

term-missing =
    .title = Term missing
    .cause = No existing subscription fits this key, and it was not said how long a new one lasts.
    .next = State how long the new subscription lasts, in years, months or days.

term-invalid =
    .title = Term not possible
    .cause = The term is too short, too long, or runs past the end of the calendar.
    .next = Choose a term of at least one day and at most 100 years.

date-invalid =
    .title = Date not possible
    .cause = “{ $given }” is not a date that can be used here.
    .next = Give a date of the calendar from 1970 on, as year, month and day, for example 2027-02-28.

last-day-over =
    .title = Last day over
    .cause = The last day, { $given }, is over: today is { $today }.
    .next = Give today or a later day, or none. A last day counts to its end, in the time zone of this service.

last-day-before-first =
    .title = Last day before the first
    .cause = The last day, { $given }, is before the first one, { $first }.
    .next = Give { $first } or a later day as the last one, or an earlier first day.

last-day-too-late =
    .title = Last day too far away
    .cause = The last day, { $given }, is too far away: an invitation can be used for { $most } days at most.
    .next = Give { $latest } or an earlier day, or none, so that it has no end.

last-day-and-days =
    .title = Two ends
    .cause = Both a last day, { $given }, and a number of days are given.
    .next = Give one of the two.

days-invalid =
    .title = Too many days
    .cause = The value of the field “{ $field }” is larger than { $most }.
    .next = Choose a number from 0 to { $most }.

subscription-already-suspended =
    .title = Already suspended
    .cause = The subscription has been suspended since { $date }.
    .next = There is nothing to do; to let it run again, resume it.

subscription-not-suspended =
    .title = Not suspended
    .cause = Subscription { $subscription } is not suspended.
    .next = There is nothing to resume; check whether this is the subscription you meant.

subscription-already-terminated =
    .title = Already terminated
    .cause = The subscription was ended for good on { $date }; it can no longer be changed.
    .next = Create a new subscription for this customer.

key-already-revoked =
    .title = Already withdrawn
    .cause = This key was already withdrawn on { $date }.
    .next = There is nothing to do; if the customer needs a key, issue a new one.

key-already-superseded =
    .title = Already replaced
    .cause = This key has already been replaced by key { $key }.
    .next = Work with that key instead.

token-unknown =
    .title = Unknown API token
    .cause = No API token has the id “{ $token }”.
    .next = Check the id against the list of tokens.

token-already-revoked =
    .title = Already withdrawn
    .cause = This API token was already withdrawn on { $date }.
    .next = There is nothing to do; if a program needs a token, create a new one.

scope-unknown =
    .title = Unknown scope
    .cause = { $case ->
        [none] The token was given no scope, so it could do nothing.
       *[unknown] No scope is named “{ $given }”.
    }
    .next = { $hint ->
        [meant] Did you mean “{ $meant }”? There are: { $known }.
       *[known] There are: { $known }.
    }

## What whoever issued a key may not have meant

subscription-beside-another =
    .title = A second subscription
    .cause = The customer has another subscription to this offer, { $subscription }, whose last day is { $ends }.
    .next = If that one should only go on for longer, renew it and terminate this one; its keys stay the same.

subscription-began-before =
    .title = Begins in the past
    .cause = The subscription began before today, on { $begins }.
    .next = If that is not what was meant, terminate it and issue the key again with the right first day.

subscription-over-already =
    .title = Over already
    .cause = { $works ->
        [yes] The last day of the subscription was { $ended }; the key works only up to and including { $until }.
       *[no] The last day of the subscription was { $ended }, so the key opens nothing.
    }
    .next = If that is not what was meant, renew the subscription.

## Operators, who work in the console

role-missing =
    .title = Role not sufficient
    .cause = Your role ({ $has }) may not do this: it needs { $needs }.
    .next = Ask an operator with that role to do it, or an owner to change your role.

role-unknown =
    .title = Unknown role
    .cause = No role is named “{ $given }”.
    .next = { $hint ->
        [meant] Did you mean “{ $meant }”? There are: owner, manager, support, auditor.
       *[none] There are: owner, manager, support, auditor.
    }

operator-unknown =
    .title = Unknown operator
    .cause = No operator has the e-mail address or id “{ $operator }”.
    .next = { $hint ->
        [meant] Did you mean “{ $meant }”?
       *[none] Check it against the list of operators.
    }

operator-exists =
    .title = Operator exists already
    .cause = There is already an operator with the address “{ $email }”.
    .next = Work with that operator, or give another address.

operator-disabled =
    .title = Account disabled
    .cause = This account was disabled on { $date }.
    .next = Ask an owner to enable it again.

operator-not-disabled =
    .title = Not disabled
    .cause = The account “{ $email }” is not disabled.
    .next = There is nothing to enable; check whether this is the account you meant.

owner-exists =
    .title = An owner exists already
    .cause = An owner, “{ $email }”, can already sign in, so no setup link is needed.
    .next = Sign in as that owner, or have the account reset on the command line if its password is lost.

last-owner =
    .title = Last owner
    .cause = This is the only owner who can sign in.
    .next = Make another operator an owner first.

email-invalid =
    .title = Not an e-mail address
    .cause = “{ $given }” is not an e-mail address.
    .next = Give an address such as name@example.org.

email-domain-invalid =
    .title = Not a domain of e-mail addresses
    .cause = “{ $given }” is not a domain that an e-mail address can have.
    .next = Give a domain such as example.org; an international one in its xn-- form.

password-refused =
    .title = Password not accepted
    .cause = { $fault ->
        [too-short] The password has fewer than { $least } characters.
        [too-long] The password has more than { $most } characters.
        [guessable] The password is easily guessed: it is your address, or made of very few different characters.
       *[differs] The two passwords are not the same.
    }
    .next = { $fault ->
        [differs] Type the same password twice.
       *[other] Choose a longer sentence that only you would think of; a password manager can make one.
    }

sign-in-refused =
    .title = Not signed in
    .cause = The e-mail address or the password is wrong.
    .next = Check both and try again; if the password is lost, an owner can send you a new link.

sign-in-throttled =
    .title = Too many attempts
    .cause = Too many wrong passwords or codes came for this account or from this address.
    .next = Wait { $seconds } seconds, then try again.

code-wrong =
    .title = Wrong code
    .cause = This code is wrong, too old, or was used already.
    .next = Type the six digits that your authenticator shows now, or a recovery code that you have not used yet.

link-unusable =
    .title = Link not usable
    .cause = This link is not complete, was used already, or is too old.
    .next = Ask whoever sent it for a new one.

connection-unknown =
    .title = Unknown connection
    .cause = No connection to a GLPI has the name or id “{ $connection }”.
    .next = { $hint ->
        [meant] Did you mean “{ $meant }”?
       *[none] Check it against the list of connections.
    }

connection-not-named =
    .title = No connection chosen
    .cause = There are several connections to GLPIs, and none was chosen.
    .next = Say which one is meant: { $known }.

connection-exists =
    .title = Connection exists already
    .cause = There is already a connection to a GLPI named “{ $connection }”.
    .next = Use that connection, or choose another name.

inventory-credential-mixed =
    .title = Credential for inventories does not fit
    .cause = { $kind ->
        [basic] A user and a password were chosen for inventories, but a client id or a client secret was given.
        [oauth] A client id and a client secret were chosen for inventories, but a user or a password was given.
       *[none] No credential for inventories was chosen, but a user, a password, a client id or a client secret was given.
    }
    .next = Choose what the GLPI asks for, and leave empty what belongs to another choice.

glpi-not-found =
    .title = No GLPI there
    .cause = What answers at this address is no REST API of a GLPI (status { $status }).
    .next = Give the address at which GLPI opens in a browser, and see that apirest.php is not blocked.

glpi-api-off =
    .title = REST API switched off
    .cause = The REST API of this GLPI is switched off.
    .next = In GLPI: Setup > General > API, enable the REST API.

glpi-address-not-allowed =
    .title = Address not allowed
    .cause = This GLPI allows no client of its API at the address of this machine.
    .next = In GLPI: Setup > General > API, add an API client for the address of this machine.

glpi-app-token-wrong =
    .title = Wrong application token
    .cause = The application token is missing or wrong.
    .next = Give that of the API client (in GLPI: Setup > General > API).

glpi-login-wrong =
    .title = GLPI refuses the sign-in
    .cause = GLPI does not know this token, or this login with this password.
    .next = Copy the remote access key from the service account’s settings, and see that the account is active.

glpi-logins-off =
    .title = No logins with passwords
    .cause = The API of this GLPI takes no logins with passwords.
    .next = Use the service account’s token, or enable login with credentials in Setup > General > API.

glpi-session-over =
    .title = Session over
    .cause = GLPI closed the session in between.
    .next = Try again.

glpi-refused =
    .title = GLPI refused
    .cause = GLPI refused it with “{ $code }”.
    .next = Look at the rights of the service account’s profile.

glpi-broken =
    .title = GLPI failed
    .cause = GLPI failed with status { $status }.
    .next = Look at GLPI’s own log (files/_log/php-errors.log).

users-read-missing =
    .title = A right is missing
    .cause = The service account may not read users; its profile is “{ $profile }”.
    .next = In that GLPI give the profile the rights Users: read, create, update.

users-create-missing =
    .title = A right is missing
    .cause = The service account may not create users; its profile is “{ $profile }”.
    .next = In that GLPI give the profile the rights Users: read, create, update.

invitation-unknown =
    .title = Unknown invitation
    .cause = No invitation has the id or name “{ $invitation }”.
    .next = { $hint ->
        [meant] Did you mean “{ $meant }”?
       *[none] Check the spelling against the list of invitations.
    }

invitation-ambiguous =
    .title = Several invitations
    .cause = Several invitations are named “{ $invitation }”.
    .next = Choose one by its id: { $known }.

invitation-revoked =
    .title = Invitation withdrawn
    .cause = The invitation was withdrawn on { $date }.
    .next = Ask whoever invited you for another one.

invitation-suspended =
    .title = Invitation suspended
    .cause = The invitation has been suspended since { $date }.
    .next = Ask whoever invited you when it can be used again.

invitation-not-begun =
    .title = Not open yet
    .cause = The invitation can be used from { $date } on.
    .next = Come back then, or ask whoever invited you.

invitation-expired =
    .title = Invitation expired
    .cause = The invitation could be used until { $date }.
    .next = Ask whoever invited you for another one.

invitation-used-up =
    .title = Invitation used up
    .cause = As many people as may have used this invitation.
    .next = If you have not registered yourself, ask whoever invited you for another one.

invitation-not-suspended =
    .title = Not suspended
    .cause = Invitation { $invitation } is not suspended.
    .next = Nothing has to be resumed.

login-taken =
    .title = Login taken
    .cause = Somebody else has this login.
    .next = Choose another one.

changed-meanwhile =
    .title = Changed in the meantime
    .cause = What this form is about was changed on { $time }, after the form was shown.
    .next = Look at how it stands now, and decide again.

## Agents and their enrollment keys

enrollment-key-unknown =
    .title = Unknown enrollment key
    .cause = No enrollment key has the id or name “{ $key }”.
    .next = { $hint ->
        [meant] Did you mean “{ $meant }”?
       *[none] Compare it with the list of enrollment keys.
    }

enrollment-key-exists =
    .title = Enrollment key exists already
    .cause = There is already an enrollment key named “{ $name }”; upper and lower case make no difference.
    .next = Use that key, or choose another name.

enrollment-key-wrong =
    .title = Wrong enrollment key
    .cause = The enrollment key that was sent is not one of this gateway: it was cut, mistyped or made up.
    .next = Copy the key again as a whole into the agent’s configuration: user and password, or the client’s id and secret.

enrollment-key-replaced =
    .title = Enrollment key replaced
    .cause = The secret of this enrollment key was replaced; the old one has not counted since { $date }.
    .next = Put the new secret into the agent’s configuration.

enrollment-key-revoked =
    .title = Enrollment key revoked
    .cause = The enrollment key was revoked on { $date } and lets nobody in any more.
    .next = Ask the GLPI administrator for another enrollment key.

enrollment-key-suspended =
    .title = Enrollment key suspended
    .cause = The enrollment key has been suspended since { $date }.
    .next = Nothing is to be done at the agent: it comes again by itself once the key is resumed.

enrollment-key-not-suspended =
    .title = Not suspended
    .cause = The enrollment key “{ $key }” is not suspended.
    .next = Look at how it stands.

enrollment-key-expired =
    .title = Enrollment key expired
    .cause = The time of the enrollment key was over on { $date }.
    .next = Ask the GLPI administrator for another enrollment key.

enrollment-key-full =
    .title = Enrollment key full
    .cause = As many agents as the enrollment key lets in ({ $most }) have come with it already.
    .next = Ask the GLPI administrator for another enrollment key, or for room in this one.

enrollment-network-refused =
    .title = Not from this network
    .cause = The enrollment key does not count at the address { $address }.
    .next = Ask the GLPI administrator which networks the key is for; behind a proxy, whether the gateway trusts that proxy.

network-invalid =
    .title = Not a network
    .cause = “{ $given }” is no range of addresses.
    .next = Give one such as 10.20.0.0/16 or 2001:db8::/32.

signing-key-unknown =
    .title = Unknown signing key
    .cause = No signing key of this installation has the id “{ $key }”.
    .next = Keys that another installation signed cannot be taken in; issue new ones.

key-exists =
    .title = Another key
    .cause = A key with the id “{ $key }” is there, and it is another one.
    .next = Compare its subscription, signing key and date.

registration-unknown =
    .title = Unknown registration
    .cause = No registration has the id “{ $registration }”.
    .next = Compare it with the list of registrations.

agent-unknown =
    .title = Unknown agent
    .cause = No agent has the id or device “{ $agent }”.
    .next = Compare it with the list of agents.

agent-pending =
    .title = Waiting for approval
    .cause = The agent is known since { $date } and waits for a person to approve it.
    .next = Nothing is to be done at the agent: it comes again by itself. Whoever runs the gateway approves it.

agent-not-pending =
    .title = Approved already
    .cause = The agent “{ $agent }” does not wait for approval.
    .next = Nothing is to be done.

agent-quarantined =
    .title = Agent quarantined
    .cause = The agent was shut out on { $date }.
    .next = Ask whoever runs the gateway why; they can let it in again.

agent-not-quarantined =
    .title = Not in quarantine
    .cause = The agent “{ $agent }” is not in quarantine.
    .next = Nothing is to be done.

agent-message-invalid =
    .title = No message of an agent
    .cause = { $fault ->
        [too-long] The message has more bytes than are taken.
        [swells] The message unpacks to more bytes than are taken.
        [packing] The message does not unpack: it is damaged or was cut.
        [form] The message is neither whole JSON nor whole XML.
        [action] The message asks for nothing that an agent asks for.
        [device] The message does not say which machine it is about.
        [agent] The message does not say which agent it comes from.
       *[slow] The message did not come in time.
    }
    .next = Check with the agent’s own log what it sends, and that nothing between it and the gateway changes it.

glpi-unknown =
    .title = Unknown GLPI
    .cause = No GLPI is known here by the name “{ $glpi }”.
    .next = { $hint ->
        [meant] Did you mean “{ $meant }”?
       *[none] Name one that is known, or make it known first.
    }

queued-message-unknown =
    .title = Unknown message
    .cause = No message with the number “{ $message }” waits for GLPI.
    .next = Compare it with the queue: it may have been delivered meanwhile.

## Instances, seats, moves, plugins and trials

instance-uid-missing =
    .title = GLPI not identified
    .cause = The question does not say which GLPI asks: the header X-Glpi-Network-Uid is missing.
    .next = Every GLPI since 9.5 sends it, so check whether a proxy between GLPI and the service removes headers; then open the “GLPI Network” tab again.

instance-uid-invalid =
    .title = Identifier of the GLPI malformed
    .cause = { $fault ->
        [length] The identifier that this GLPI sent (X-Glpi-Network-Uid) has { $number } characters instead of 40.
       *[character] Character { $number } of the identifier that this GLPI sent (X-Glpi-Network-Uid) is neither a letter nor a digit.
    }
    .next = GLPI makes this identifier itself and keeps it in its database: check whether it was altered there or on its way.

instance-limit-reached =
    .title = All seats taken
    .cause = { $holder ->
        [none] All seats of this subscription ({ $seats }) are taken.
       *[known] All seats of this subscription ({ $seats }) are taken, one of them by { $name }.
    }
    .next = { $retry ->
        [none] Ask your vendor to release a seat, to declare a test system as one, or for a further seat.
       *[known] Ask your vendor to release a seat, to declare a test system as one, or for a further seat; a move to this instance can begin by itself on { $until }.
    }

staging-limit-reached =
    .title = Too many test systems
    .cause = As many instances for staging and development use this subscription as it allows.
    .next = Ask your vendor to release one that is no longer needed.

seat-moved =
    .title = Seat moved
    .cause = On { $date } the seat of this instance moved to another one that uses the same key.
    .next = Use the key there only; if this instance is to have a seat again, ask your vendor.

move-lapsed =
    .title = Move ended
    .cause = { $holder ->
        [none] The time for moving to this instance ended on { $date }, and the seat stayed where it was because the old instance was still in use.
       *[known] The time for moving to this instance ended on { $date }, and the seat stayed with { $name }, which was still in use.
    }
    .next = Take the key out of the old instance and ask your vendor to approve this one.

move-refused =
    .title = Not allowed by the vendor
    .cause = On { $date } your vendor decided that this instance may not use the key.
    .next = Ask your vendor for the reason.

instance-released =
    .title = Seat released
    .cause = The seat of this instance was released on { $date }.
    .next = If this instance is still in use, ask your vendor to give it a seat again.

seat-moving-here =
    .title = Moving to this instance
    .cause = { $asked ->
        [yes] This instance works until { $until } beside { $name }, which holds the seat and is still in use.
       *[no] This instance works until { $until } beside { $name }, which holds the seat.
    }
    .next = { $asked ->
        [yes] This one will then stop: if you are moving, ask your vendor to approve it; if it is a test system, ask to have it declared as one.
       *[no] If the old one does not ask again until then, the seat moves here by itself; if this is a test system, ask your vendor to declare it as one.
    }

seat-moving-away =
    .title = Another instance is moving in
    .cause = Since { $since } another instance, { $name }, uses the same key; both work until { $until }.
    .next = Because this one is still in use, it will keep the seat; if you have moved, take the key out here or ask your vendor to approve the new instance.

instance-unknown =
    .title = Unknown instance
    .cause = No instance has the id, UID or address “{ $instance }”.
    .next = Check it against the list of instances.

instance-ambiguous =
    .title = Several instances
    .cause = “{ $instance }” stands for several instances: different subscriptions know it.
    .next = Choose one by its id: { $known }.

nothing-to-decide =
    .title = Nothing to decide
    .cause = The instance is in the state “{ $state }” and waits for no decision.
    .next = Look at the instance; to take its seat away, release it.

nothing-to-release =
    .title = Nothing to release
    .cause = The instance is in the state “{ $state }” and holds no seat.
    .next = There is nothing to do; look for the instance that holds the seat.

seats-in-use =
    .title = Seats in use
    .cause = { $taken } seats of the subscription are taken, so it cannot have just { $seats }.
    .next = Release seats first.

releases-spent =
    .title = Not without the vendor
    .cause = { $most ->
        [0] This subscription does not allow a seat to be released without the vendor.
       *[other] Seats of this subscription may be released { $most } times a year without the vendor, and that has been done.
    }
    .next = { $again ->
        [none] Ask your vendor to release the seat.
       *[known] Ask your vendor to release the seat, or try again on { $until }.
    }

environment-unknown =
    .title = Unknown environment
    .cause = No environment is named “{ $given }”.
    .next = There are: production, staging, development.

number-invalid =
    .title = Number not possible
    .cause = The value of the field “{ $field }” is smaller than { $least } or larger than { $most }.
    .next = Choose a number from { $least } to { $most }.

url-invalid =
    .title = Address not possible
    .cause = { $fault ->
        [empty] The address of the site is empty.
        [too-long] The address of the site is longer than { $most } bytes.
        [scheme] The address of the site does not begin with https:// or http://.
        [credentials] The address of the site contains a user name or a password.
        [host] The address of the site names no possible host.
        [port] The address of the site names no possible port.
       *[character] The address of the site contains a blank, a control character or a backslash.
    }
    .next = { $fault ->
        [credentials] Send the address without them, and change a password that was sent.
       *[other] Send the address as it stands in the browser’s address bar, for example https://glpi.example.org/glpi.
    }

plugin-not-covered =
    .title = Plugin not included
    .cause = The subscription does not include the plugin “{ $plugin }”.
    .next = { $hint ->
        [none] It includes no plugin; ask your vendor for a key that does.
       *[known] It includes: { $known }; ask your vendor for a key that includes this one.
    }

trial-unavailable =
    .title = No trial
    .cause = The plugin “{ $plugin }” cannot be tried without a key.
    .next = Enter a key; your vendor will issue one.

trial-running =
    .title = Trial
    .cause = The trial runs until { $until }.
    .next = To go on after that, enter a key; your vendor will issue one.

trial-ended =
    .title = Trial over
    .cause = The trial ended on { $date }; each plugin can be tried once per GLPI.
    .next = To go on, enter a key; your vendor will issue one, and can also extend the trial.

trial-unknown =
    .title = Unknown trial
    .cause = No trial has the id “{ $trial }”.
    .next = Check the id against the list of trials.

trial-already-subscribed =
    .title = Already a subscription
    .cause = The trial was already turned into subscription { $subscription }.
    .next = Renew or extend that subscription instead.

## What went wrong on our side

store-unavailable =
    .title = Database not available
    .cause = The service cannot reach its database at the moment; this says nothing about the key.
    .next = Try again in a few minutes; whoever runs the service should check the database and its disk.

key-not-in-store =
    .title = Key missing from the database
    .cause = Key { $key } is genuine, but the service’s database does not contain it; an older backup has probably been restored.
    .next = Keep the key and inform your vendor; whoever runs the service should restore the latest backup.

clock-suspect =
    .title = Clock not trustworthy
    .cause = The service’s clock appears to be wrong, so for now it makes no statement about any key.
    .next = Try again later; whoever runs the service should set the clock, or confirm it if it is right.

secret-unreadable =
    .title = Secret not readable
    .cause = A secret in the database cannot be opened with the current master key.
    .next = Whoever runs the service should start it with the master key that belongs to this database.

overloaded =
    .title = Service overloaded
    .cause = The service is receiving more requests than it can answer in time; this says nothing about the key.
    .next = Try again in a few minutes; if it persists, inform whoever runs the service.

restart-needed =
    .title = Restart needed
    .cause = The service runs with a setting that was changed in the meantime, so for now it changes nothing.
    .next = Try again later; whoever runs the service should restart it.

internal-error =
    .title = Internal error
    .cause = An error in the service itself prevented an answer; this says nothing about the key.
    .next = Try again in a few minutes; if it persists, inform whoever runs the service, whose log has the details.

## Requests of programs, and what is wrong with them

token-missing =
    .title = No token
    .cause = { $gap ->
        [header] The request has no Authorization header, or more than one.
        [scheme] The Authorization header is not “Bearer” and a token.
       *[empty] There is no token after “Bearer”.
    }
    .next = Send a token in the header “Authorization: Bearer”; whoever runs the service makes one with “latchkey token create”.

token-not-known =
    .title = Token not known
    .cause = { $shaped ->
        [yes] This token is not one of this service’s, or its secret is another.
       *[no] The text after “Bearer” is not a token of this service: one begins with lkapi_.
    }
    .next = Check which service the token belongs to; whoever runs this one makes a new one with “latchkey token create”.

token-damaged =
    .title = Token not whole
    .cause = The token is not whole: characters are missing, or one was changed.
    .next = Copy the token again, from its first character to its last.

token-expired =
    .title = Token expired
    .cause = Token { $token } ended at { $since }.
    .next = Whoever runs the service makes a new one with “latchkey token create”.

token-revoked =
    .title = Token revoked
    .cause = Token { $token } was revoked at { $since }.
    .next = Whoever runs the service makes a new one with “latchkey token create”.

token-misplaced =
    .title = Token in the address
    .cause = A token was sent in the address, which is written into logs and histories on its way.
    .next = Revoke that token, and send a new one in the header “Authorization: Bearer”.

scope-missing =
    .title = The token may not do this
    .cause = This needs a token with the scope { $scope }.
    .next = Use another token, or have one made with that scope: “latchkey token create --scope { $scope }”.

too-many-requests =
    .title = Too many requests
    .cause = This token sends more than { $most } requests a minute.
    .next = Wait as long as the header Retry-After says, then go on more slowly; whoever runs the service can raise token_requests_per_minute.

too-many-failed-keys =
    .title = Too many keys that are none
    .cause = Within a minute, too many keys that are not whole and true came from this address.
    .next = Check the key with “latchkey key inspect”, and try again later. Good keys are answered all the while.

body-not-json =
    .title = The body is not JSON
    .cause = The header Content-Type does not say application/json.
    .next = Send JSON, and the header “Content-Type: application/json”.

headers-too-long =
    .title = The headers are too long
    .cause = The headers are longer than { $most } bytes together.
    .next = Send fewer or shorter headers; a cookie or a token of another program may have been added on the way.

body-too-long =
    .title = The body is too long
    .cause = The body is longer than { $most } bytes, or it broke off.
    .next = Send less at once.

body-malformed =
    .title = The body does not read
    .cause = { $fault ->
        [no-object] The body is JSON, but not an object.
        [twice] The member “{ $member }” stands in the body twice.
        [too-deep] Values of the body are nested more than { $most } deep.
       *[syntax] The body is not JSON: it does not read from line { $line }, character { $column } on.
    }
    .next = Send one JSON object in UTF-8, each member once.

body-invalid =
    .title = The body is not as it should be
    .cause = { $fault ->
        [unknown] There is no member “{ $name }”. There are: { $known }.
        [missing] The member “{ $name }” is missing.
        [twice] The member “{ $name }” stands there twice.
        [not-one-of] “{ $given }” is not a value of the member “{ $name }”. There are: { $known }.
        [wants-text] The member “{ $name }” has to be a text.
        [wants-number] The member “{ $name }” has to be a whole number that is not negative.
        [wants-list] The member “{ $name }” has to be a list.
        [out-of-range] The member “{ $name }” goes from { $least } to { $most }.
       *[other] The member “{ $name }” has a value of the wrong kind.
    }
    .next = Compare the body with the operation’s description in /api/v1/docs.

parameter-invalid =
    .title = A parameter is not as it should be
    .cause = { $fault ->
        [unknown] There is no parameter “{ $name }”. There are: { $known }.
        [missing] The parameter “{ $name }” is missing.
        [twice] The parameter “{ $name }” stands there twice.
        [not-one-of] “{ $given }” is not a value of the parameter “{ $name }”. There are: { $known }.
        [wants-number] The parameter “{ $name }” has to be a whole number that is not negative.
        [out-of-range] The parameter “{ $name }” goes from { $least } to { $most }.
        [foreign-cursor] The parameter “{ $name }” is not one that this list gave out.
        [no-instant] The parameter “{ $name }” is neither an instant such as 2027-02-28T12:00:00Z nor a day.
        [no-day] The parameter “{ $name }” is not a day such as 2027-02-28.
        [not-taken] This address takes no parameters.
       *[other] The parameter “{ $name }” has a value of the wrong kind.
    }
    .next = Compare the address with the operation’s description in /api/v1/docs.

idempotency-key-invalid =
    .title = Not an Idempotency-Key
    .cause = The header Idempotency-Key stands there more than once, or is not 1 to { $most } visible ASCII characters.
    .next = Give each request a name of its own, such as a UUID.

idempotency-key-reused =
    .title = Another request had this name
    .cause = Within the last 24 hours this token sent another request under the same Idempotency-Key.
    .next = Give each request a name of its own, and repeat a request exactly as it was.

not-found =
    .title = Nothing is at this address
    .cause = “{ $path }” is not an address of this service.
    .next = Check the address; GLPI itself needs only the service’s base address, without a path.

method-not-allowed =
    .title = This address takes another method
    .cause = “{ $path }” does not take { $method }.
    .next = GLPI asks with GET; what programs may send stands in /api/v1/docs.

stopping =
    .title = This server is about to stop
    .cause = It was told to stop, and finishes what is under way.
    .next = Ask another one, or ask again when it is back.

## Requests to others, and why they were not answered

outgoing-url-invalid =
    .title = Not an address that can be asked
    .cause = { $fault ->
        [scheme] The address begins neither with https:// nor with http://.
        [credentials] The address holds a user name or a password, which would end up in logs.
        [length] The address is too long.
       *[form] The address does not read.
    }
    .next = Give one such as https://glpi.example.org, with nothing before the host.

outgoing-address-forbidden =
    .title = This address is not asked
    .cause = { $allowable ->
        [yes] { $origin } leads to { $address }, which belongs to this machine or to a private network.
       *[no] { $origin } leads to { $address }, which is never asked: credentials of machines are given out at such addresses, or nobody is there.
    }
    .next = { $allowable ->
        [yes] If it may be reached, whoever runs the service allows it with the setting outgoing_allow, such as "{ $address }".
       *[no] Give the address of the service that you mean.
    }

outgoing-name-unknown =
    .title = Name not known
    .cause = No address is known for the host of { $origin }.
    .next = Check the spelling, and whether the server’s name service knows the host.

outgoing-not-connected =
    .title = No connection
    .cause = { $why ->
        [refused] Nothing listens at { $origin }.
        [unreachable] No way leads from this server to { $origin }.
       *[other] No connection to { $origin } can be made.
    }
    .next = Check host and port, and whether the other service runs and a firewall lets this server through.

outgoing-not-trusted =
    .title = Not trusted
    .cause = { $why ->
        [issuer] Nobody this server knows vouches for the certificate of { $origin }.
        [name] The certificate of { $origin } belongs to another host.
        [time] The certificate of { $origin } has expired or is not valid yet.
       *[no-tls] { $origin } does not speak TLS, or none that this server speaks.
    }
    .next = { $why ->
        [issuer] If the certificate comes from an authority of your own, add that to the system’s certificates, or name its file with outgoing_ca_file.
        [name] Use the name that stands in the certificate, or have it renewed for this host.
        [time] Have the certificate renewed, and check this server’s clock.
       *[no-tls] Check the port, and whether the address should begin with http://.
    }

outgoing-timed-out =
    .title = No answer in time
    .cause = { $stage ->
        [name] The addresses of the host of { $origin } were not found in time.
        [connection] { $origin } did not take the connection in time.
       *[answer] { $origin } did not answer in time.
    }
    .next = Check whether the other service runs and is not overloaded, and whether a firewall lets this server through.

outgoing-answer-too-long =
    .title = Answer too long
    .cause = The answer of { $origin } is longer than { $most } bytes.
    .next = Check whether the address is that of the service you mean.

outgoing-redirected =
    .title = Sent elsewhere
    .cause = { $where ->
        [known] { $origin } sends on to { $to }, where the request does not follow.
       *[unknown] { $origin } sends on to an address that cannot be asked.
    }
    .next = Give the final address, if you trust it.

outgoing-broken-off =
    .title = Answer not understood
    .cause = The connection to { $origin } broke off, or what came over it is not HTTP.
    .next = Check host and port, and look into the log of the other service.

## The marketplace: plugins

archive-refused =
    .title = Archive not published
    .cause = { $fault ->
        [not-one] It is neither tar.gz nor tar.bz2 nor zip.
        [damaged] The archive breaks off, or its checksums do not hold.
        [empty] There is no file in the archive.
        [too-long] The archive is longer than the { $about } bytes that are taken.
        [path] The path “{ $about }” is absolute, leads out of the folder, or has characters that have no place in a path.
        [link] The link “{ $about }” leads out of the plugin’s folder, or another path goes through it.
        [special] “{ $about }” is a device, a pipe or another thing that no plugin has.
        [twice] The path “{ $about }” is there twice.
        [too-many] There are more than { $about } files in the archive.
        [too-large] More than { $about } bytes come out of the archive.
        [bomb] More than { $about } times as many bytes come out of the archive as went in.
        [top] Besides the plugin’s folder there is “{ $about }” at the top of the archive.
        [folder] The top folder “{ $about }” is not named as a plugin’s key: letters and digits, a letter first.
        [no-setup] The folder “{ $about }” has no setup.php.
        [other-plugin] setup.php has no function { $about }: the folder is not named as the plugin.
        [no-version] setup.php says no version that can be read without running it.
        [other-version] setup.php says version { $about }, but { $wanted } was to be published.
       *[range] setup.php says versions of GLPI that cannot be: { $about }.
    }
    .next = Nothing was stored. Pack the plugin as one folder that is named as its key and has its setup.php, and publish that.

plugin-sheet-invalid =
    .title = The plugin’s description has mistakes
    .cause = { $mistakes }
    .next = Mend it and publish again; nothing was stored.

plugin-sheet-mistake =
    .title = The plugin’s description has mistakes
    .cause = { $fault ->
        [not-xml] Line { $line }: not well-formed XML.
        [root] Line { $line }: the outermost element is not “root”.
        [missing] Line { $line }: “{ $about }” is missing.
        [twice] Line { $line }: “{ $about }” is there twice.
        [text] Line { $line }: “{ $about }” is empty, too long, or has characters that it may not have.
        [address] Line { $line }: “{ $about }” is not an address that begins with https:// or http://.
        [other-plugin] Line { $line }: it describes another plugin: “{ $about }”.
       *[version-missing] Line { $line }: version { $about } of the archive is not among its versions.
    }
    .next = Mend it and publish again; nothing was stored.

plugin-unknown =
    .title = Unknown plugin
    .cause = No plugin has the key “{ $plugin }”.
    .next = { $hint ->
        [meant] Did you mean “{ $meant }”?
       *[none] Look at the list of plugins.
    }

plugin-version-unknown =
    .title = Unknown version
    .cause = The plugin { $plugin } has no version “{ $version }”.
    .next = Look at the plugin’s versions.

plugin-version-exists =
    .title = Version published already
    .cause = Version { $version } of { $plugin } was published on { $date }; what was downloaded once is never replaced by something else.
    .next = Give the plugin a higher version and publish that.

plugin-version-withdrawn =
    .title = Version withdrawn
    .cause = Version { $version } of { $plugin } was withdrawn on { $date }.
    .next = Use another version of the plugin.

plugin-not-opened =
    .title = Plugin not part of the subscription
    .cause = The subscription of this key does not include the plugin { $plugin }.
    .next = It comes with: { $offers }. Ask your vendor for one of these.

channel-unknown =
    .title = Unknown channel
    .cause = There is no channel “{ $given }”.
    .next = There are: stable, pre-release.

storage-unavailable =
    .title = Archives out of reach
    .cause = The place where archives are kept does not answer, or is full.
    .next = Try again in a minute; if it goes on, tell the vendor.

plugin-withdrawn-here =
    .title = Version withdrawn
    .cause = Version { $version } of the plugin { $plugin }, which this GLPI downloaded, was withdrawn by the vendor.
    .next = Update the plugin, or disable it until there is another version.
