## The frame of every page

skip-to-content = Skip to the content
menu = Menu
nav-subscriptions = Subscriptions
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
customer-add = Add the customer
customer-name-hint = As it is to stand on keys and lists. Upper and lower case make no difference between two names.
done-customer-added = { $customer } was added.
