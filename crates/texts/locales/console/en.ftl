## The frame of every page

skip-to-content = Skip to the content
menu = Menu
nav-subscriptions = Subscriptions
search = Search
search-label = Search customers and keys
search-placeholder = Customer, key id, or a whole key
nav-administration = Administration
language = Language
language-en = English
language-fr = Français
theme = Colours
theme-auto = As the system
theme-light = Light
theme-dark = Dark
sign-in = Sign in
sign-out = Sign out
to-the-beginning = To the beginning
leave-it = Leave it
filter = Filter
show-all = Show all
pages = Pages
first-page = First page
next-page = Next page
since = Since
role-owner = Owner
role-manager = Manager
role-support = Support
role-auditor = Auditor (read only)

## Fields

field-email = E-mail address
field-password = Password
field-new-password = New password
field-password-again = The same password again
field-code = Code
field-customer = Customer

## Signing in

login-title = Sign in
login-code-title = Second step
login-code-hint = The six digits that your authenticator shows now, or a recovery code.
setup-title = Choose a password
setup-first = This makes the first account, which may do everything. Choose how you will sign in.
setup-for = For { $email }. This link works once.
setup-do = Save and sign in
password-hint = At least 12 characters. A sentence that only you would think of is good; a password manager’s is better.
kept-title = Your session is over
kept-cause = What you typed is kept.
kept-next = Sign in, look at it once more, and send it.
resume-title = Welcome back
resume-cause = Before your session ended you had typed this, and it was not sent.
resume-next = Look at it once more.
resume-do = Send it now

## What a page cannot be

trouble-sign-in-title = Sign in first
trouble-sign-in-cause = This page is for operators.
trouble-sign-in-next = Sign in and try again.
trouble-not-found-title = Nothing is here
trouble-not-found-cause = There is no page at this address.
trouble-not-found-next = Perhaps a character is missing; the menu shows what there is.
trouble-other-method-title = Not to be opened so
trouble-other-method-cause = Only forms are sent to this address.
trouble-other-method-next = Go to the page that has the form.
trouble-foreign-title = Not one of our forms
trouble-foreign-cause = The form was not sent from a page of this console, so nothing was done.
trouble-foreign-next = Open the console itself and try again. If you did: a proxy or the browser hides where the form came from (the header Origin).
trouble-other-session-title = Please look once more
trouble-other-session-cause = The form is from an earlier session, or was sent before with other values. Nothing was done.
trouble-other-session-next = Send it now if it is still what you want.
trouble-unreadable-title = The form does not read
trouble-unreadable-cause = The form is longer than any of ours, or damaged on its way. Nothing was done.
trouble-unreadable-next = Go back and send less at once.

## Customers

customers-title = Customers
customers-filter = Part of a customer’s name
customers-none = There are no customers yet. Issuing a key adds one by itself.
customers-none-found = No customer has “{ $q }” in its name.
customer-new = New customer
customer-new-title = New customer
customer-name-hint = As it is to stand on keys and lists. Upper and lower case make no difference between two names.
done-customer-added = { $customer } was added.

## Lists and pages

all = All
none-found = Nothing fits what you asked for.
page-before = Page before
as-csv = As CSV
as-table = The same as a table
history = History
history-more = Earlier
because = Because:
for-good = This cannot be undone.
see-current = See how it stands now
copy = Copy
copied = Copied
all-is-well = All is well
day = Day
month = Month
time = Time
times = Times
what = What
who = Who
subject = With what
from-day = From day
until-day = Until day
cause = Cause
state = State
reason-hint = For the audit log. Name no person in it.

## States

state-active = Active
state-overlap = Being replaced
state-working = Counts
state-superseded = Replaced
state-revoked = Revoked
state-scheduled = Scheduled
state-running = Running
state-grace = In grace
state-expired = Expired
state-suspended = Suspended
state-terminated = Terminated
state-signs = Signs
state-retired = Retired
state-whole = Whole
state-whole-so-far = Whole so far
state-not-whole = Not whole
about-scheduled = It begins on { $day }.
about-grace = It ended on { $day }; everything keeps working up to and including { $until }.
about-expired = It ended on { $day }.
about-suspended = It has been suspended since { $time }.
about-terminated = It was ended for good on { $time }.
about-overlap = Another key takes its place; this one works until { $time }.
about-superseded = Another key has taken its place; it stopped working on { $time }.
about-revoked = It was revoked on { $time }.
about-erased = This customer was erased on { $time }. Its name is gone for good.

## Fields

field-offer = Offer
field-reason = Reason
field-title = Title
field-reference = Reference
field-name = Name
field-count = How long
field-unit = In
field-begin-date = First day
field-days = Days
field-scopes = Scopes
field-overlap-days = Days of overlap
field-grace-days = Days of grace
field-q = Search
unit-years = years
unit-months = months
unit-days = days
customer-id = Customer id
subscription-id = Subscription id
subscription = Subscription
key = Key
key-id = Key id
token-id = Token id
first-day = First day
last-day = Last day
grace-until = Grace until
issued-on = Issued
signing-key = Signing key
public-key = Public key
retired-at = Retired
replaced-by = Replaced by
glpi-is-told = GLPI is told
next-end = Next end
last-used = Last used
scopes = May do

## Dashboard

dashboard-title = Today
keys-ending = { $count ->
    [one] key ends within { $days } days
   *[other] keys end within { $days } days
}
keys-in-grace = { $count ->
    [one] key in its grace period
   *[other] keys in their grace period
}
keys-suspended = { $count ->
    [one] key suspended
   *[other] keys suspended
}
refusals-lately = Refusals of the last seven days
refusals-none = Nothing was refused.
answers-title = Questions about keys, by day
answers-none = No GLPI has asked about a key yet.
answers-open = Open
answers-refused = Refused
answers-ours = Not answered
renewals-title = Subscriptions that end, by month
renewals-due = End

## Customers

has-subscription = With a subscription that is
customer-new-do = Add the customer
customer-erase = Erase
customer-erase-title = Erase a customer
customer-erase-will = The name “{ $customer }” becomes a pseudonym, the reasons written down about it go, its subscriptions are terminated and its keys revoked.
customer-erase-do = Erase the customer
erase-reason-hint = This reason is kept. Name no person in it.
customer-no-subscriptions = No subscriptions yet.
customer-no-keys = No keys yet.
done-customer-erased = The customer was erased. { $customer } stands in the place of its name.

## Subscriptions

subscriptions-title = Subscriptions
subscriptions-none = There are no subscriptions yet. Issuing a key makes one.
subscription-is = Subscription
subscription-title = { $customer } · { $offer }
subscription-no-keys = No keys were issued to it.
ends-from = Ends from
ends-until = Ends until
subscription-renew = Renew
subscription-renew-title = Renew a subscription
subscription-renew-will = The subscription of { $customer } to { $offer }, which ends on { $ends }, goes on from there without a gap. Its keys stay the same.
subscription-renew-lapsed-will = The subscription of { $customer } to { $offer } ended on { $ends } and has lapsed: it begins anew today. Its keys stay the same.
subscription-renew-do = Renew
subscription-suspend = Suspend
subscription-suspend-title = Suspend a subscription
subscription-suspend-will = The keys of { $customer } to { $offer } stop opening anything within a second, until the subscription is resumed.
subscription-suspend-do = Suspend
subscription-resume = Resume
subscription-resume-title = Resume a subscription
subscription-resume-will = The keys of { $customer } to { $offer } work again within a second, until { $ends }.
subscription-resume-do = Resume
subscription-terminate = Terminate
subscription-terminate-title = Terminate a subscription
subscription-terminate-will = The subscription of { $customer } to { $offer } ends now and for good. Its keys stop opening anything within a second.
subscription-terminate-do = Terminate for good
done-subscription-renew = Renewed. The last day is { $ends }.
done-subscription-suspend = Suspended.
done-subscription-resume = Resumed. The last day is { $ends }.
done-subscription-terminate = Terminated. It would have ended on { $ends }.

## Keys

keys-title = Keys
keys-none = There are no keys yet.
key-is = Key
key-title = Key { $key }
key-issue = Issue a key
key-issue-title = Issue a key
key-issue-will = A customer and a subscription are made where they are not there yet.
key-issue-do = Issue the key
key-customer-hint = Its name or its id. A new name makes a new customer.
first-day-hint = Year-month-day, such as 2027-02-28. Today, if left empty.
count-hint = Left empty, the key goes to the subscription that the customer has to this offer.
key-issued-title = The key is issued
key-shown-title = The key
key-reissued-title = The new key is issued
key-text-for = For { $customer }, offer { $offer }.
key-text = Registration key
key-text-where = The customer pastes it into GLPI as one line: Setup > General > GLPI Network > Registration key.
key-file = As a file
key-see = To the key’s page
qr-title = The key as a QR code
mail-title = Mail to the customer
mail-hint = Choose the customer’s language, and copy.
key-reveal = Show the key
key-reveal-title = Show a key
key-reveal-will = The text of the key of { $customer } ({ $offer }) is shown. That you looked at it is written into the audit log.
key-reveal-do = Show the key
key-reissue = Re-issue
key-reissue-title = Re-issue a key
key-reissue-will = { $customer } gets a new key to { $offer } in the place of { $key }. The old one works on for the days of overlap, then it dies.
key-reissue-do = Issue the new key
overlap-hint = For so many days both keys work. 0: the old one dies at once.
key-revoke = Revoke
key-revoke-title = Revoke a key
key-revoke-will = Key { $key } of { $customer } ({ $offer }) stops working within a second, wherever it is. The subscription stays as it is.
key-revoke-do = Revoke for good
done-key-revoked = The key is revoked.
last-questions = Latest questions
questions-none = Nobody has asked about it lately.
questions-none-so = No question about a key of ours was answered so lately. Texts that are no keys are counted, not listed: they belong to nobody.
asked-at = Asked
answer = Answer
asked-from = From address
asked-version = GLPI
asked-instance = Instance
asked-times = Times
times-since = { $times } since { $time }

## Offers

offers-title = Offers
offers-filter = Part of a title or reference
running-subscriptions = Running subscriptions
offer-new = New offer
offer-new-title = New offer
offer-new-do = Make the offer
offer-edit = Change
offer-edit-title = Change an offer
offer-edit-will = Subscriptions that were sold keep their end and their grace.
offer-edit-do = Save
grace-hint = For so many days after its end a subscription goes on, with a warning. 0 to 366.
reference-hint = As GLPI’s plugins name it: a lower-case letter, then lower-case letters, digits, hyphens, underscores or dots. It never changes.
done-offer-saved = The offer is saved.

## Signing keys

signing-keys-title = Signing keys
signing-key-title = Signing key { $key }
signing-key-signs = It signs the keys that are issued now.
signing-key-retired = It no longer signs. The keys that it signed stay true.
signing-key-rotate = Rotate
signing-key-rotate-title = Rotate the signing key
signing-key-rotate-will = A new signing key is made and signs from now on, in the place of { $key }. Keys that were issued stay true. Plugins that check keys offline need the new public key: they find it at /.well-known/latchkey-keys.json.
signing-key-rotate-do = Rotate
done-signing-key-rotated = This is the signing key from now on.

## API tokens

tokens-title = API tokens
tokens-none = There are no API tokens yet.
token-new = New token
token-new-title = New API token
token-new-will = The token is shown once, on the next page.
token-new-do = Make the token
token-name-hint = What the token is for, such as “web shop”.
token-days-hint = For so many days it counts. Without an end, if left empty.
token-made-title = The token is made
token-text = API token
token-text-once = It is not shown again. Copy it now to where it belongs.
token-see = To the token’s page
token-until = Until
never-ends = without an end
never-used = never
token-revoke = Revoke
token-revoke-title = Revoke an API token
token-revoke-will = The next request with “{ $name }” is refused.
token-revoke-do = Revoke for good
done-token-revoked = The token is revoked.
scope-admin = everything, tokens included
scope-customers-read = look at customers
scope-customers-write = add customers
scope-offers-read = look at offers
scope-offers-write = make and change offers
scope-subscriptions-read = look at subscriptions
scope-subscriptions-write = renew, suspend, resume and terminate subscriptions
scope-keys-read = look at keys, without their texts
scope-keys-issue = issue and re-issue keys
scope-keys-reveal = show the texts of keys again
scope-keys-revoke = revoke keys
scope-instances-read = look at instances and their moves
scope-instances-write = declare, release, approve and refuse instances
scope-trials-read = look at trials
scope-trials-write = extend trials, and turn them into subscriptions
scope-signing-keys-read = look at signing keys
scope-signing-keys-rotate = rotate the signing key
scope-audit-read = read and verify the audit log
scope-enrollment-read = look at enrollment keys
scope-enrollment-write = make, suspend, resume, revoke and rotate enrollment keys
scope-agents-read = look at agents
scope-agents-write = approve agents, shut them out, let them in again
scope-queue-read = look at what waits for a GLPI
scope-queue-write = have it tried again, or take it away

## Audit log

audit-title = Audit log
audit-none-here = None of the rows that were looked at fits. There are more: look on.
audit-verify = Verify
audit-verify-title = Is the audit log whole?
audit-whole = Every row, the log’s end and every signed head agree.
audit-whole-so-far = Every row up to here agrees; there are more.
audit-verify-on = Go on
audit-not-whole = The log is not as it was written. Compare it with a backup and with the heads that were exported, and find out who had access to the database.
audit-heads-elsewhere = Heads that are kept outside the database are compared by the command line: latchkey audit verify.
audit-rows = Rows
audit-heads = Signed heads
audit-erased = Erased reasons
audit-at-row = At row
action-customer-add = Customer added
action-customer-erase = Customer erased
action-subscription-create = Subscription made
action-subscription-renew = Subscription renewed
action-subscription-suspend = Subscription suspended
action-subscription-resume = Subscription resumed
action-subscription-terminate = Subscription terminated
action-subscription-set-seats = Seats set
action-instance-bind = Instance bound
action-instance-declare = Environment declared
action-instance-release = Instance released
action-instance-approve = Instance approved
action-instance-refuse = Instance refused
action-instance-give-back = Seat given back
action-instance-seen-twice = Looks like two
action-move-open = Move begun
action-move-old-one-asked = Old instance heard
action-move-end = Move ended
action-plugin-activate = Plugin activated
action-plugin-deactivate = Plugin deactivated
action-trial-begin = Trial begun
action-trial-extend = Trial extended
action-trial-subscribe = Trial subscribed
action-key-issue = Key issued
action-key-show = Key shown
action-key-reissue = Key re-issued
action-key-revoke = Key revoked
action-offer-set = Offer saved
action-signing-key-create = Signing key made
action-signing-key-rotate = Signing key rotated
action-token-create = API token made
action-token-revoke = API token revoked
action-installation-create = Installation made
action-clock-acknowledge = Clock acknowledged
action-operator-add = Operator added
action-operator-change-role = Role changed
action-operator-disable = Operator disabled
action-operator-enable = Operator enabled
action-operator-reset = Operator reset
action-operator-link = Link made
action-operator-first-link = Setup link made
action-operator-set-password = Password chosen
action-operator-sign-in = Signed in
action-operator-sign-out = Signed out
action-operator-second-factor-on = Second factor turned on
action-operator-second-factor-off = Second factor turned off
action-operator-recovery-codes = Recovery codes made
action-operator-recovery-code-used = Recovery code used
fact-subscription = subscription
fact-customer = customer
fact-offer = offer
fact-begin-date = first day
fact-end-date = last day
fact-end-date-before = last day before
fact-by = by
fact-until = until
fact-replaces = replaces
fact-title = title
fact-grace-days = days of grace
fact-scopes = may do
fact-expires-at = until
fact-environment = environment
fact-from = from
fact-to = to
fact-key = key
fact-outcome = outcome
fact-plugin = plugin
fact-since = since
fact-state = state
fact-until-before = until, before
fact-seats = seats
fact-seats-before = seats before
fact-returns = returns
search-none = Nothing was found. Ids are found by their first six characters or more, customers by any part of their name.

## The operator’s own account

account-title = Your account
account-sign-in = Signing in
on = On
off = Off
yes = Yes
no = No
never = Never
role = Role
second-factor = Second factor
field-password-now = Present password
password-title = Change the password
password-will = All your other sessions end. The one that you are in goes on.
password-do = Change the password
done-password = Your password was changed, and your other sessions are over.
second-factor-begin = Set up a second factor
second-factor-title = Set up a second factor
second-factor-how = Scan this with an authenticator app on your phone. From then on you sign in with your password and a code that the app shows.
second-factor-picture = QR code for the authenticator app
second-factor-typed = Or type this into the app:
second-factor-code-hint = The six digits that the app shows now.
second-factor-do = Turn it on
second-factor-off-title = Turn the second factor off
second-factor-off-will = From then on your password alone opens your account. Your recovery codes open nothing any more.
second-factor-off-do = Turn it off
done-second-factor-off = The second factor is off.
recovery-codes-title = New recovery codes
recovery-codes-will = Ten new codes are made. Those that you have open nothing any more.
recovery-codes-do = Make new codes
recovery-codes-made = Your recovery codes
recovery-codes-how = Each of these opens your account once, in the place of a code of the app: for the day on which the phone is lost. They are not shown again. Print them, or keep them in a password manager.
recovery-codes-kept = I have kept them
recovery-codes-left = { $count ->
    [one] { $shown } recovery code is left
   *[other] { $shown } recovery codes are left
}
sessions-title = Where you are signed in
session-browser = Browser
session-address = Address
session-seen = Last seen
session-this = This one
session-end = End it
sessions-end-others = End all others
done-session-ended = The session is over.

## Operators

operators-title = Operators
operator = Operator
operator-id = Operator’s id
operator-new = New operator
operator-new-title = New operator
operator-new-will = You will be given a link to hand on. With it, once and within a day, the new operator chooses a password.
operator-new-do = Add the operator
operator-link-title = A link to hand on
operator-link-how = Give this to { $email }, by a way that only they read. It opens once, until { $until }, and is not shown again.
operator-see = To the operator
operator-role = Role
operator-role-title = Change the role
operator-role-will = This changes what { $email } may do, from the next page on.
operator-role-do = Change the role
operator-disable = Disable
operator-disable-title = Disable an operator
operator-disable-will = { $email } can no longer sign in, and is signed out everywhere. It can be enabled again.
operator-disable-do = Disable the operator
operator-enable = Enable
operator-enable-title = Enable an operator
operator-enable-will = { $email } can sign in again, with the password and the second factor from before.
operator-enable-do = Enable the operator
operator-reset = Reset
operator-reset-title = Reset an operator
operator-reset-will = For { $email }, who lost a password or a phone: password and second factor go, all sessions end, and you will be given a link with which another password is chosen. Until then nobody can sign in to the account.
operator-reset-do = Reset the operator
signed-in = Signed in
state-disabled = Disabled
state-invited = Invited
role-hint = Each role may do what those below it may, too.
role-owner-may = May do everything: also manage operators and API tokens, rotate the signing key, and erase customers.
role-manager-may = Sells: adds customers, issues and revokes keys, renews, suspends and ends subscriptions, edits offers.
role-support-may = Helps: shows a key again and re-issues it.
role-auditor-may = Looks at everything and changes nothing.
done-operator-role = The role was changed.
done-operator-disabled = The operator can no longer sign in.
done-operator-enabled = The operator can sign in again.
