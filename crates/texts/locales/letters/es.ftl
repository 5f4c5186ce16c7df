## The mail with which a vendor sends a key

mail-subject = Su clave de registro para GLPI
mail-hello = Buenos días:
mail-what = esta es la clave de registro de { $customer } para «{ $offer }». El último día de la suscripción es el { $ends }.
mail-where = En su GLPI, abra Configuración > General > GLPI Network, pegue la clave en una sola línea en «Clave de registro» y guarde.
mail-service = Si su GLPI todavía no consulta nuestro servicio, añada antes esta línea a su archivo config/local_define.php:
mail-check = El estado de la clave se puede ver en todo momento aquí: { $address }
mail-keep = La clave sigue siendo la misma cuando se renueva la suscripción. Quien la tiene puede usarla; por favor, no la comparta.
mail-bye = Un cordial saludo

## The page where anybody who has a key sees how it stands

check-title = ¿Cómo está mi clave de registro?
check-intro = Pegue la clave tal como la envió su proveedor. Se examina, se responde y no se guarda.
check-field = Clave de registro
check-do = Comprobar la clave
check-open = La clave está en orden
check-closed = La clave es auténtica, pero su suscripción no está en curso
check-refused = La clave no cuenta
check-last-day = Último día de la suscripción
check-grace = Todo funciona hasta este día inclusive
check-offer = Suscripción
check-answer = Qué ocurre
check-next = Siguiente paso
check-nothing = No hay nada que hacer.
check-wait = Desde su dirección llegaron demasiados textos que no son claves. Inténtelo de nuevo en { $seconds } segundos.
page-language = Idioma

## El formulario de una invitación y lo que sigue

join-title = Crear su cuenta
join-intro = Le han invitado a { $name }. Rellene el formulario y se creará su cuenta.
invite-sheet = Le han invitado a { $name }. Escanee este código con su teléfono, o escriba la dirección de abajo en un navegador, y rellene el formulario.
join-firstname = Nombre
join-realname = Apellidos
join-email = Correo electrónico
join-login = Nombre de usuario
join-password = Contraseña
join-password2 = Contraseña otra vez
join-login-hint = Con él iniciará sesión. Si se deja vacío, se forma a partir de su nombre.
join-email-hint = Una dirección de { $domains }.
join-password-hint = Al menos { $least } caracteres. Unas palabras sin relación entre sí se recuerdan bien y se adivinan mal.
join-digit = Debe contener una cifra.
join-lower = Debe contener una minúscula.
join-upper = Debe contener una mayúscula.
join-symbol = Debe contener un carácter que no sea letra ni cifra.
join-do = Crear la cuenta
join-faults = Aún no está todo bien. Lo escrito se conserva, salvo las contraseñas.
join-empty = No puede quedar vacío.
join-too-long = Tiene más de { $most } caracteres.
join-character = «{ $character }» no puede estar aquí.
join-unseen = Contiene un carácter que no se ve.
join-no-email = No es una dirección de correo como nombre@example.org.
join-other-domain = Solo se invita a direcciones de { $domains }.
join-imitates = Este nombre de usuario se parece a otro: espacios en los extremos, letras de varias escrituras o caracteres que no se ven.
join-reserved = Este nombre de usuario está reservado. Elija otro.
join-taken = Otra persona tiene este nombre de usuario. Elija otro.
join-too-short = La contraseña necesita al menos { $least } caracteres.
join-no-digit = No contiene ninguna cifra.
join-no-lower = No contiene ninguna minúscula.
join-no-upper = No contiene ninguna mayúscula.
join-no-symbol = Solo contiene letras y cifras.
join-differs = Las dos contraseñas no son iguales.
join-known = Esta contraseña está en listas divulgadas: es la primera que otros prueban.
join-weak = Esta contraseña se adivina demasiado pronto. Hágala más larga, sin su nombre ni filas de teclas.
join-complete-title = Su cuenta está lista
join-complete = Puede iniciar sesión con el nombre de usuario { $login }.
join-sign-in = Iniciar sesión
join-directory = Su registro se guarda con el nombre de usuario { $login }. Quien le invitó se encarga del resto.
join-waiting-title = Su registro está guardado
join-waiting = El servicio que crea la cuenta no responde ahora mismo. No tiene que escribir nada de nuevo: la cuenta { $login } se creará en cuanto responda. Guarde esta página y vuelva más tarde.
join-incomplete = Su cuenta { $login } existe, pero no todo está como debería. Quien le invitó también lo ve.
join-taken-title = El nombre de usuario está ocupado
join-taken-page = Otra persona tenía el nombre de usuario { $login }. Abra de nuevo su invitación y elija otro.
join-password-title = Elija de nuevo su contraseña
join-password-page = El servicio tardó tanto en responder que su contraseña ya no se guarda. Elija una de nuevo y se creará la cuenta { $login }.
join-password-do = Guardar esta contraseña
join-again = Mirar de nuevo
join-closed-title = Este enlace no abre nada
join-closed = No hay ninguna invitación detrás, o ha esperado demasiado: un formulario puede rellenarse durante dos horas.
join-closed-next = Abra de nuevo el enlace de su invitación tal como se envió. Si no sirve, pregunte a quien lo envió.
join-wait-title = Espere un poco
join-wait = Llegaron demasiados envíos desde su dirección o para esta invitación. Inténtelo de nuevo en { $seconds } segundos.
join-foreign = El formulario no venía de esta página. Abra de nuevo el enlace de su invitación.
join-required = Hay que rellenar todos los campos menos el nombre de usuario.
