## Textos que no son una de nuestras claves, entera y auténtica

key-missing =
    .title = Ninguna clave
    .cause = No se ha enviado ninguna clave de registro.
    .next = Copie la clave completa que le envió su proveedor y péguela en la pestaña «GLPI Network» de GLPI.

key-too-long =
    .title = Texto demasiado largo para una clave
    .cause = El texto tiene { $length } caracteres, muchos más que cualquier clave de registro.
    .next = Copie solo la clave, en una única línea, y péguela de nuevo.

key-whitespace =
    .title = Espacio en blanco dentro de la clave
    .cause = { $kind ->
        [line-break] La clave contiene un salto de línea después del carácter n.º { $after }.
        [space] La clave contiene un espacio después del carácter n.º { $after }.
        [tab] La clave contiene una tabulación después del carácter n.º { $after }.
       *[other] La clave contiene un espacio en blanco después del carácter n.º { $after }.
    }
    .next = { $whole ->
        [yes] Elimine de la clave todos los espacios y saltos de línea: sin ellos está completa.
       *[no] Copie de nuevo la clave completa, en una única línea, tal como la envió su proveedor; en este caso no basta con eliminar los espacios.
    }

key-alphabet =
    .title = Carácter erróneo en la clave
    .cause = { $shown ->
        [yes] El carácter n.º { $at } de la clave es «{ $character }», que no puede estar ahí.
       *[no] El carácter n.º { $at } de la clave no aparece en ninguna clave.
    }
    .next = Copie de nuevo la clave completa, sin comillas ni otro texto alrededor, y vuelva a pegarla.

key-truncated =
    .title = Clave cortada
    .cause = Falta el final de la clave: se cortó después del carácter n.º { $after }.
    .next = Copie de nuevo la clave hasta su último carácter y vuelva a pegarla.

key-beginning-missing =
    .title = Falta el principio de la clave
    .cause = Falta el principio de la clave.
    .next = Copie de nuevo la clave desde su primer carácter y vuelva a pegarla.

key-trailing =
    .title = Texto después de la clave
    .cause = La clave está completa después del carácter n.º { $after }, pero le sigue más texto.
    .next = Borre todo lo que sigue al carácter n.º { $after }; tampoco debe pegarse la clave dos veces.

key-altered =
    .title = Clave alterada
    .cause = { $part ->
        [encoding] La clave ha sido alterada: su codificación no es la original.
        [layout] La clave ha sido alterada: su estructura no es la original.
        [version] La clave ha sido alterada: su versión de formato no es la original.
        [signing-key] La clave ha sido alterada: el identificador de su clave de firma no es el original.
        [key-id] La clave ha sido alterada: su identificador no es el original.
        [issue-date] La clave ha sido alterada: su fecha de emisión no es la original.
       *[signature] La clave ha sido alterada: su firma no es la original.
    }
    .next = Copie de nuevo la clave tal como la envió su proveedor, o pídale que se la vuelva a enviar.

key-format-unknown =
    .title = Formato de clave desconocido
    .cause = La clave tiene el formato { $version }, que este servicio todavía no conoce.
    .next = Avise a su proveedor: el responsable del servicio debe actualizarlo.

key-foreign =
    .title = Clave de otro proveedor
    .cause = { $origin ->
        [publisher] La clave procede de otro proveedor ({ $publisher }), no de aquel cuyo servicio responde aquí.
       *[format] Es una clave de registro, pero no la ha emitido el proveedor cuyo servicio responde aquí.
    }
    .next = Introduzca la clave del proveedor cuyo servicio consulta este GLPI, o haga comprobar la dirección del servicio en la configuración de GLPI.

key-not-a-key =
    .title = No es una clave de registro
    .cause = El texto no es una clave de registro.
    .next = Copie la clave completa que le envió su proveedor y péguela en la pestaña «GLPI Network» de GLPI.

key-signer-unknown =
    .title = Clave de firma desconocida
    .cause = La clave se firmó con { $signer }, una clave de firma que este servicio no conoce.
    .next = Avise a su proveedor: el responsable del servicio debe dar a conocer esa clave de firma al servicio, o emitirle a usted una clave nueva.

key-forged =
    .title = Firma incorrecta
    .cause = La firma de la clave no es auténtica: la clave ha sido modificada o falsificada.
    .next = Copie de nuevo la clave tal como la envió su proveedor; si el mensaje persiste, pídale una clave nueva.

## Claves que eran nuestras y ya no cuentan

key-revoked =
    .title = Clave revocada
    .cause = Esta clave fue revocada el { $date }.
    .next = Pida una clave nueva a su proveedor e introdúzcala en la pestaña «GLPI Network» de GLPI.

key-superseded =
    .title = Clave sustituida
    .cause = Esta clave fue sustituida por otra, emitida el { $issued }, y dejó de funcionar el { $date }.
    .next = { $new ->
        [withdrawn] La clave nueva se retiró después; pida otra a su proveedor.
       *[counts] Introduzca la clave nueva en la pestaña «GLPI Network» de GLPI; si no la tiene, pida a su proveedor la clave { $key }.
    }

key-overlap =
    .title = { $new ->
        [withdrawn] Clave sustituida
       *[counts] Hay una clave nueva para usted
    }
    .cause = Esta clave ha sido sustituida por otra, emitida el { $issued }, y solo funcionará hasta el { $until }.
    .next = { $new ->
        [withdrawn] La clave nueva se ha retirado desde entonces; pida antes otra a su proveedor.
       *[counts] Introduzca antes la clave nueva en la pestaña «GLPI Network» de GLPI; si no la tiene, pida a su proveedor la clave { $key }.
    }

## Suscripciones

valid = La clave es válida; el último día de la suscripción es el { $ends }.

subscription-ends-soon =
    .title = La suscripción termina pronto
    .cause = La suscripción termina pronto: su último día es el { $ends }.
    .next = Renuévela con su proveedor como muy tarde ese día; la clave sigue siendo la misma.

subscription-in-grace =
    .title = Suscripción en período de gracia
    .cause = El último día de la suscripción fue el { $ended }; todo seguirá funcionando hasta el { $until } inclusive.
    .next = Renuévela con su proveedor como muy tarde ese día; la clave sigue siendo la misma.

subscription-not-begun =
    .title = La suscripción aún no ha comenzado
    .cause = La suscripción aún no ha comenzado: su primer día es el { $begins }.
    .next = La clave funcionará a partir de ese día; si la suscripción debe comenzar antes, póngase en contacto con su proveedor.

subscription-expired =
    .title = Suscripción caducada
    .cause = La suscripción ha caducado: su último día fue el { $ended }.
    .next = Renuévela con su proveedor; la clave sigue siendo la misma.

subscription-suspended =
    .title = Suscripción suspendida
    .cause = Su proveedor suspendió la suscripción el { $date }.
    .next = Póngase en contacto con su proveedor; en cuanto se reanude la suscripción, la misma clave volverá a funcionar.

subscription-terminated =
    .title = Suscripción cancelada
    .cause = Su proveedor puso fin definitivamente a la suscripción el { $date }.
    .next = Para continuar, contrate una nueva suscripción con su proveedor; recibirá una clave nueva.

## Lo que un operador ha pedido y no obtiene

text-invalid =
    .title = Texto no admitido
    .cause = { $fault ->
        [empty] El campo «{ $field }» está vacío.
        [too-long] El texto del campo «{ $field }» tiene más de { $most } caracteres.
        [control] El carácter n.º { $at } del campo «{ $field }» es un salto de línea u otro carácter de control invisible.
       *[character] El carácter n.º { $at } del campo «{ $field }» no se admite ahí.
    }
    .next = { $rule ->
        [reference] Una referencia tiene como máximo 40 caracteres, empieza por una letra minúscula y continúa con letras minúsculas, cifras, guiones, guiones bajos o puntos.
       *[text] Corrija el texto e inténtelo de nuevo.
    }

field-customer = cliente
field-reason = motivo
field-offer = oferta
field-title = título
field-name = nombre
field-email = correo electrónico
field-days = días
field-registrations-days = días para las inscripciones
field-agents-days = días para los agentes
field-overlap-days = días de solapamiento
field-grace-days = días de gracia
field-tag = etiqueta
field-agents = agentes
field-plugin = complemento
field-seats = plazas
field-staging-limit = límite de instancias de prueba
field-moves = traslados al año
field-releases = liberaciones sin el proveedor al año
field-move-days = días del plazo de traslado
field-cooling-off-days = días de espera
field-trial-days = días de prueba
field-inventory-user = usuario para inventarios
field-inventory-password = contraseña para inventarios
field-inventory-client-id = identificador de cliente para inventarios
field-inventory-client-secret = secreto de cliente para inventarios

## Versions of GLPI that a plugin is for

range-both = de { $min } hasta antes de { $max }
range-from = { $min } y posteriores
range-before = antes de { $max }
range-any = cualquier versión

offer-unknown =
    .title = Oferta desconocida
    .cause = Ninguna oferta tiene la referencia «{ $reference }».
    .next = { $hint ->
        [meant] ¿Quería decir «{ $meant }»? Ofertas existentes: { $known }.
        [known] Ofertas existentes: { $known }.
       *[none] Todavía no hay ofertas: cree una primero.
    }

customer-unknown =
    .title = Cliente desconocido
    .cause = Ningún cliente tiene el nombre o el identificador «{ $customer }».
    .next = { $hint ->
        [meant] ¿Quería decir «{ $meant }»?
       *[none] Compruebe la ortografía o cree primero el cliente.
    }

customer-exists =
    .title = El cliente ya existe
    .cause = Ya existe un cliente llamado «{ $customer }»; no se distinguen mayúsculas y minúsculas.
    .next = Utilice el cliente existente o elija otro nombre.

customer-erased =
    .title = Cliente borrado
    .cause = El cliente { $customer } se borró el { $date }: su nombre ha desaparecido para siempre y no se le vende nada más.
    .next = Cree un cliente nuevo si hay un contrato nuevo.

subscription-unknown =
    .title = Suscripción desconocida
    .cause = Ninguna suscripción tiene el identificador «{ $subscription }».
    .next = Compruebe el identificador en la lista de suscripciones.

key-unknown =
    .title = Clave desconocida
    .cause = Ninguna clave tiene el identificador «{ $key }».
    .next = Compruebe el identificador en la lista de claves.

term-missing =
    .title = Falta la duración
    .cause = Ninguna suscripción existente sirve para esta clave, y no se ha indicado la duración de una nueva.
    .next = Indique la duración de la nueva suscripción, en años, meses o días.

term-invalid =
    .title = Duración imposible
    .cause = La duración es demasiado corta, demasiado larga o sobrepasa el fin del calendario.
    .next = Elija una duración de al menos un día y como máximo 100 años.

date-invalid =
    .title = Fecha imposible
    .cause = «{ $given }» no es una fecha que se pueda usar aquí.
    .next = Indique una fecha del calendario a partir de 1970, con año, mes y día, por ejemplo 2027-02-28.

last-day-over =
    .title = Último día pasado
    .cause = El último día, { $given }, ya ha pasado: hoy es { $today }.
    .next = Indique el día de hoy o uno posterior, o ninguno. El último día cuenta hasta su fin, en la zona horaria de este servicio.

last-day-before-first =
    .title = Último día antes del primero
    .cause = El último día, { $given }, es anterior al primero, { $first }.
    .next = Indique el { $first } o un día posterior como último, o un primer día anterior.

last-day-too-late =
    .title = Último día demasiado lejano
    .cause = El último día, { $given }, está demasiado lejos: una invitación puede usarse durante { $most } días como máximo.
    .next = Indique el { $latest } o un día anterior, o ninguno, para que no tenga fin.

last-day-and-days =
    .title = Dos finales
    .cause = Se indican a la vez un último día, { $given }, y un número de días.
    .next = Indique uno de los dos.

days-invalid =
    .title = Demasiados días
    .cause = El valor del campo «{ $field }» es mayor que { $most }.
    .next = Elija un número de 0 a { $most }.

subscription-already-suspended =
    .title = Ya suspendida
    .cause = La suscripción está suspendida desde el { $date }.
    .next = No hay nada que hacer; para que siga su curso, reanúdela.

subscription-not-suspended =
    .title = No suspendida
    .cause = La suscripción { $subscription } no está suspendida.
    .next = No hay nada que reanudar; compruebe que es la suscripción deseada.

subscription-already-terminated =
    .title = Ya cancelada
    .cause = Se puso fin definitivamente a la suscripción el { $date }; ya no se puede modificar.
    .next = Cree una nueva suscripción para este cliente.

key-already-revoked =
    .title = Ya revocada
    .cause = Esta clave ya fue revocada el { $date }.
    .next = No hay nada que hacer; si el cliente necesita una clave, emita una nueva.

key-already-superseded =
    .title = Ya sustituida
    .cause = Esta clave ya fue sustituida por la clave { $key }.
    .next = Utilice esa clave en su lugar.

token-unknown =
    .title = Token de API desconocido
    .cause = Ningún token de API tiene el identificador «{ $token }».
    .next = Compruebe el identificador en la lista de tokens.

token-already-revoked =
    .title = Token ya revocado
    .cause = Este token de API ya fue revocado el { $date }.
    .next = No hay nada que hacer; si un programa necesita un token, cree uno nuevo.

scope-unknown =
    .title = Permiso desconocido
    .cause = { $case ->
        [none] No se dio ningún permiso al token, así que no podría hacer nada.
       *[unknown] Ningún permiso se llama «{ $given }».
    }
    .next = { $hint ->
        [meant] ¿Quiso decir «{ $meant }»? Existen: { $known }.
       *[known] Existen: { $known }.
    }

## What whoever issued a key may not have meant

subscription-beside-another =
    .title = Una segunda suscripción
    .cause = El cliente ya tiene otra suscripción a esta oferta, { $subscription }, cuyo último día es el { $ends }.
    .next = Si solo se trataba de prolongar aquella, renuévela y cancele esta; sus claves no cambian.

subscription-began-before =
    .title = Empieza en el pasado
    .cause = La suscripción empezó antes de hoy, el { $begins }.
    .next = Si no es lo que se quería, cancélela y emita de nuevo la clave con el primer día correcto.

subscription-over-already =
    .title = Ya ha terminado
    .cause = { $works ->
        [yes] El último día de la suscripción fue el { $ended }; la clave solo funciona hasta el { $until } inclusive.
       *[no] El último día de la suscripción fue el { $ended }, así que la clave no abre nada.
    }
    .next = Si no es lo que se quería, renueve la suscripción.

## Operadores, que trabajan en la consola

role-missing =
    .title = Rol insuficiente
    .cause = Su rol ({ $has }) no permite esto: hace falta { $needs }.
    .next = Pida a un operador con ese rol que lo haga, o a un propietario que cambie su rol.

role-unknown =
    .title = Rol desconocido
    .cause = Ningún rol se llama «{ $given }».
    .next = { $hint ->
        [meant] ¿Quiso decir «{ $meant }»? Existen: owner, manager, support, auditor.
       *[none] Existen: owner, manager, support, auditor.
    }

operator-unknown =
    .title = Operador desconocido
    .cause = Ningún operador tiene la dirección o el identificador «{ $operator }».
    .next = { $hint ->
        [meant] ¿Quiso decir «{ $meant }»?
       *[none] Compruébelo en la lista de operadores.
    }

operator-exists =
    .title = El operador ya existe
    .cause = Ya existe un operador con la dirección «{ $email }».
    .next = Trabaje con ese operador o indique otra dirección.

operator-disabled =
    .title = Cuenta desactivada
    .cause = Esta cuenta fue desactivada el { $date }.
    .next = Pida a un propietario que la active de nuevo.

operator-not-disabled =
    .title = No está desactivada
    .cause = La cuenta «{ $email }» no está desactivada.
    .next = No hay nada que activar; compruebe si es la cuenta que buscaba.

owner-exists =
    .title = Ya existe un propietario
    .cause = Un propietario, «{ $email }», ya puede iniciar sesión: no hace falta un enlace de instalación.
    .next = Inicie sesión con esa cuenta, o haga que se restablezca en la línea de comandos si se perdió la contraseña.

last-owner =
    .title = Último propietario
    .cause = Es el único propietario que puede iniciar sesión.
    .next = Haga antes propietario a otro operador.

email-invalid =
    .title = No es una dirección de correo
    .cause = «{ $given }» no es una dirección de correo electrónico.
    .next = Indique una dirección como nombre@example.org.

email-domain-invalid =
    .title = No es un dominio de correo
    .cause = «{ $given }» no es un dominio que pueda tener una dirección de correo electrónico.
    .next = Indique un dominio como example.org; uno internacional, en su forma xn--.

password-refused =
    .title = Contraseña no aceptada
    .cause = { $fault ->
        [too-short] La contraseña tiene menos de { $least } caracteres.
        [too-long] La contraseña tiene más de { $most } caracteres.
        [guessable] La contraseña es fácil de adivinar: es su dirección o contiene muy pocos caracteres distintos.
       *[differs] Las dos contraseñas no son iguales.
    }
    .next = { $fault ->
        [differs] Escriba dos veces la misma contraseña.
       *[other] Elija una frase más larga que solo a usted se le ocurriría; un gestor de contraseñas puede crearla.
    }

sign-in-refused =
    .title = Sesión no iniciada
    .cause = La dirección de correo o la contraseña es incorrecta.
    .next = Compruebe ambas e inténtelo de nuevo; si perdió la contraseña, un propietario puede enviarle un enlace nuevo.

sign-in-throttled =
    .title = Demasiados intentos
    .cause = Llegaron demasiadas contraseñas o códigos erróneos para esta cuenta o desde esta dirección.
    .next = Espere { $seconds } segundos e inténtelo de nuevo.

code-wrong =
    .title = Código incorrecto
    .cause = Este código es incorrecto, demasiado antiguo o ya se usó.
    .next = Escriba las seis cifras que muestra ahora su aplicación, o un código de recuperación que aún no haya usado.

link-unusable =
    .title = Enlace no utilizable
    .cause = Este enlace está incompleto, ya se usó o es demasiado antiguo.
    .next = Pida uno nuevo a quien se lo envió.

connection-unknown =
    .title = Conexión desconocida
    .cause = Ninguna conexión con un GLPI tiene el nombre o el identificador «{ $connection }».
    .next = { $hint ->
        [meant] ¿Quiso decir «{ $meant }»?
       *[none] Compruébelo en la lista de conexiones.
    }

connection-not-named =
    .title = Ninguna conexión elegida
    .cause = Hay varias conexiones con GLPI y no se ha elegido ninguna.
    .next = Indique cuál: { $known }.

connection-exists =
    .title = La conexión ya existe
    .cause = Ya existe una conexión con un GLPI llamada «{ $connection }».
    .next = Use esa conexión o elija otro nombre.

inventory-credential-mixed =
    .title = Las credenciales para inventarios no concuerdan
    .cause = { $kind ->
        [basic] Se eligieron un usuario y una contraseña para inventarios, pero se indicó un identificador o un secreto de cliente.
        [oauth] Se eligieron un identificador y un secreto de cliente para inventarios, pero se indicó un usuario o una contraseña.
       *[none] No se eligió ninguna credencial para inventarios, pero se indicó un usuario, una contraseña, un identificador o un secreto de cliente.
    }
    .next = Elija lo que pide el GLPI y deje vacío lo que corresponde a otra opción.

glpi-not-found =
    .title = Ahí no hay ningún GLPI
    .cause = Lo que responde en esta dirección no es la API REST de un GLPI (estado { $status }).
    .next = Indique la dirección en la que GLPI se abre en un navegador y compruebe que apirest.php no esté bloqueado.

glpi-api-off =
    .title = API REST desactivada
    .cause = La API REST de este GLPI está desactivada.
    .next = En GLPI: Configuración > General > API, active la API REST.

glpi-address-not-allowed =
    .title = Dirección no permitida
    .cause = Este GLPI no permite ningún cliente de su API en la dirección de esta máquina.
    .next = En GLPI: Configuración > General > API, añada un cliente de API para la dirección de esta máquina.

glpi-app-token-wrong =
    .title = Token de aplicación incorrecto
    .cause = El token de aplicación falta o es incorrecto.
    .next = Indique el del cliente de API (en GLPI: Configuración > General > API).

glpi-login-wrong =
    .title = GLPI rechaza el inicio de sesión
    .cause = GLPI no conoce este token, o este usuario con esta contraseña.
    .next = Copie la clave de acceso remoto de las preferencias de la cuenta de servicio y compruebe que la cuenta esté activa.

glpi-logins-off =
    .title = Sin inicio de sesión con contraseña
    .cause = La API de este GLPI no admite inicios de sesión con contraseña.
    .next = Use el token de la cuenta de servicio, o active el inicio de sesión con credenciales en Configuración > General > API.

glpi-session-over =
    .title = Sesión terminada
    .cause = GLPI cerró la sesión entretanto.
    .next = Inténtelo de nuevo.

glpi-refused =
    .title = GLPI lo rechazó
    .cause = GLPI lo rechazó con «{ $code }».
    .next = Revise los permisos del perfil de la cuenta de servicio.

glpi-broken =
    .title = GLPI falló
    .cause = GLPI falló con el estado { $status }.
    .next = Consulte el registro de GLPI (files/_log/php-errors.log).

users-read-missing =
    .title = Falta un permiso
    .cause = La cuenta de servicio no puede leer usuarios; su perfil es «{ $profile }».
    .next = En ese GLPI, dé al perfil los permisos Usuarios: leer, crear, actualizar.

users-create-missing =
    .title = Falta un permiso
    .cause = La cuenta de servicio no puede crear usuarios; su perfil es «{ $profile }».
    .next = En ese GLPI, dé al perfil los permisos Usuarios: leer, crear, actualizar.

invitation-unknown =
    .title = Invitación desconocida
    .cause = Ninguna invitación tiene el identificador o el nombre «{ $invitation }».
    .next = { $hint ->
        [meant] ¿Quiso decir «{ $meant }»?
       *[none] Compruebe la ortografía en la lista de invitaciones.
    }

invitation-ambiguous =
    .title = Varias invitaciones
    .cause = Varias invitaciones llevan el nombre «{ $invitation }».
    .next = Elija una por su identificador: { $known }.

invitation-revoked =
    .title = Invitación retirada
    .cause = La invitación se retiró el { $date }.
    .next = Pida otra a quien le invitó.

invitation-suspended =
    .title = Invitación suspendida
    .cause = La invitación está suspendida desde el { $date }.
    .next = Pregunte a quien le invitó cuándo podrá usarse de nuevo.

invitation-not-begun =
    .title = Aún no abierta
    .cause = La invitación puede usarse a partir del { $date }.
    .next = Vuelva entonces o pregunte a quien le invitó.

invitation-expired =
    .title = Invitación caducada
    .cause = La invitación podía usarse hasta el { $date }.
    .next = Pida otra a quien le invitó.

invitation-used-up =
    .title = Invitación agotada
    .cause = Esta invitación ya la han usado tantas personas como podían.
    .next = Si no se ha registrado usted, pida otra a quien le invitó.

invitation-not-suspended =
    .title = No suspendida
    .cause = La invitación { $invitation } no está suspendida.
    .next = No hay nada que reanudar.

login-taken =
    .title = Usuario ya ocupado
    .cause = Otra persona tiene este nombre de usuario.
    .next = Elija otro.

changed-meanwhile =
    .title = Modificado entretanto
    .cause = El objeto de este formulario se modificó el { $time }, después de mostrarse el formulario.
    .next = Mire cómo está ahora y decida de nuevo.

## Agentes y sus claves de inscripción

enrollment-key-unknown =
    .title = Clave de inscripción desconocida
    .cause = Ninguna clave de inscripción tiene el identificador o el nombre «{ $key }».
    .next = { $hint ->
        [meant] ¿Quería decir «{ $meant }»?
       *[none] Compárelo con la lista de claves de inscripción.
    }

enrollment-key-exists =
    .title = La clave de inscripción ya existe
    .cause = Ya hay una clave de inscripción llamada «{ $name }»; no se distinguen mayúsculas y minúsculas.
    .next = Use esa clave o elija otro nombre.

enrollment-key-wrong =
    .title = Clave de inscripción errónea
    .cause = La clave de inscripción enviada no es de esta pasarela: está cortada, mal escrita o inventada.
    .next = Copie de nuevo la clave entera en la configuración del agente: usuario y contraseña, o identificador y secreto del cliente.

enrollment-key-replaced =
    .title = Clave de inscripción sustituida
    .cause = El secreto de esta clave de inscripción se sustituyó; el antiguo no vale desde el { $date }.
    .next = Ponga el secreto nuevo en la configuración del agente.

enrollment-key-revoked =
    .title = Clave de inscripción revocada
    .cause = La clave de inscripción se revocó el { $date } y ya no deja entrar a nadie.
    .next = Pida otra clave de inscripción al administrador de GLPI.

enrollment-key-suspended =
    .title = Clave de inscripción suspendida
    .cause = La clave de inscripción está suspendida desde el { $date }.
    .next = No hay nada que hacer en el agente: volverá por sí solo cuando se reanude la clave.

enrollment-key-not-suspended =
    .title = No está suspendida
    .cause = La clave de inscripción «{ $key }» no está suspendida.
    .next = Mire en qué estado está.

enrollment-key-expired =
    .title = Clave de inscripción caducada
    .cause = La clave de inscripción caducó el { $date }.
    .next = Pida otra clave de inscripción al administrador de GLPI.

enrollment-key-full =
    .title = Clave de inscripción completa
    .cause = Ya han venido todos los agentes que la clave de inscripción deja entrar ({ $most }).
    .next = Pida al administrador de GLPI otra clave de inscripción o más plazas en esta.

enrollment-network-refused =
    .title = No desde esta red
    .cause = La clave de inscripción no vale en la dirección { $address }.
    .next = Pregunte al administrador de GLPI para qué redes es la clave; tras un proxy, si la pasarela confía en él.

network-invalid =
    .title = No es una red
    .cause = «{ $given }» no es un rango de direcciones.
    .next = Indique por ejemplo 10.20.0.0/16 o 2001:db8::/32.

signing-key-unknown =
    .title = Clave de firma desconocida
    .cause = Ninguna clave de firma de esta instalación tiene el identificador «{ $key }».
    .next = Las claves firmadas por otra instalación no se pueden incorporar; emita otras nuevas.

key-exists =
    .title = Otra clave
    .cause = Hay una clave con el identificador «{ $key }», y es otra.
    .next = Compare su suscripción, su clave de firma y su fecha.

registration-unknown =
    .title = Registro desconocido
    .cause = Ningún registro tiene el identificador «{ $registration }».
    .next = Compárelo con la lista de registros.

agent-unknown =
    .title = Agente desconocido
    .cause = Ningún agente tiene el identificador o el equipo «{ $agent }».
    .next = Compárelo con la lista de agentes.

agent-pending =
    .title = A la espera de aprobación
    .cause = El agente se conoce desde el { $date } y espera a que una persona lo apruebe.
    .next = No hay nada que hacer en el agente: volverá por sí solo. Lo aprueba quien lleva la pasarela.

agent-not-pending =
    .title = Ya aprobado
    .cause = El agente «{ $agent }» no espera aprobación.
    .next = No hay nada que hacer.

agent-quarantined =
    .title = Agente en cuarentena
    .cause = El agente fue excluido el { $date }.
    .next = Pregunte el motivo a quien lleva la pasarela; puede volver a dejarlo entrar.

agent-not-quarantined =
    .title = No está en cuarentena
    .cause = El agente «{ $agent }» no está en cuarentena.
    .next = No hay nada que hacer.

agent-message-invalid =
    .title = No es un mensaje de un agente
    .cause = { $fault ->
        [too-long] El mensaje tiene más bytes de los que se aceptan.
        [swells] El mensaje se descomprime en más bytes de los que se aceptan.
        [packing] El mensaje no se descomprime: está dañado o cortado.
        [form] El mensaje no es ni JSON ni XML completo.
        [action] El mensaje no pide nada de lo que pide un agente.
        [device] El mensaje no dice de qué equipo trata.
        [agent] El mensaje no dice de qué agente viene.
       *[slow] El mensaje no llegó a tiempo.
    }
    .next = Compruebe en el registro del agente lo que envía, y que nada lo cambie por el camino.

glpi-unknown =
    .title = GLPI desconocido
    .cause = Aquí no se conoce ningún GLPI con el nombre «{ $glpi }».
    .next = { $hint ->
        [meant] ¿Quiso decir «{ $meant }»?
       *[none] Nombre uno conocido o dé de alta ese primero.
    }

queued-message-unknown =
    .title = Mensaje desconocido
    .cause = Ningún mensaje con el número «{ $message }» espera a GLPI.
    .next = Compárelo con la cola: puede haberse entregado entretanto.

## Instancias, plazas, traslados, complementos y pruebas

instance-uid-missing =
    .title = GLPI sin identificar
    .cause = La consulta no dice qué GLPI pregunta: falta la cabecera X-Glpi-Network-Uid.
    .next = Todo GLPI la envía desde la versión 9.5; compruebe si un proxy entre GLPI y el servicio elimina cabeceras y vuelva a abrir la pestaña «GLPI Network».

instance-uid-invalid =
    .title = Identificador del GLPI incorrecto
    .cause = { $fault ->
        [length] El identificador que envió este GLPI (X-Glpi-Network-Uid) tiene { $number } caracteres en lugar de 40.
       *[character] El carácter { $number } del identificador que envió este GLPI (X-Glpi-Network-Uid) no es ni una letra ni una cifra.
    }
    .next = GLPI crea este identificador y lo guarda en su base de datos: compruebe si se alteró allí o en el camino.

instance-limit-reached =
    .title = Todas las plazas ocupadas
    .cause = { $holder ->
        [none] Todas las plazas de esta suscripción ({ $seats }) están ocupadas.
       *[known] Todas las plazas de esta suscripción ({ $seats }) están ocupadas, una de ellas por { $name }.
    }
    .next = { $retry ->
        [none] Pida a su proveedor que libere una plaza, que declare como tal un sistema de prueba, o una plaza más.
       *[known] Pida a su proveedor que libere una plaza, que declare como tal un sistema de prueba, o una plaza más; el traslado a esta instancia podrá empezar por sí solo el { $until }.
    }

staging-limit-reached =
    .title = Demasiados sistemas de prueba
    .cause = Ya usan esta suscripción tantas instancias de preproducción y desarrollo como permite.
    .next = Pida a su proveedor que libere una que ya no haga falta.

seat-moved =
    .title = Plaza trasladada
    .cause = El { $date } la plaza de esta instancia pasó a otra que usa la misma clave.
    .next = Use la clave solo allí; si esta instancia ha de volver a tener plaza, pídalo a su proveedor.

move-lapsed =
    .title = Traslado terminado
    .cause = { $holder ->
        [none] El plazo para trasladarse a esta instancia terminó el { $date }, y la plaza se quedó donde estaba porque la instancia antigua seguía en uso.
       *[known] El plazo para trasladarse a esta instancia terminó el { $date }, y la plaza se quedó en { $name }, que seguía en uso.
    }
    .next = Quite la clave de la instancia antigua y pida a su proveedor que apruebe esta.

move-refused =
    .title = No permitido por el proveedor
    .cause = El { $date } su proveedor decidió que esta instancia no puede usar la clave.
    .next = Pregunte el motivo a su proveedor.

instance-released =
    .title = Plaza liberada
    .cause = La plaza de esta instancia se liberó el { $date }.
    .next = Si esta instancia sigue en uso, pida a su proveedor que le devuelva una plaza.

seat-moving-here =
    .title = Traslado a esta instancia
    .cause = { $asked ->
        [yes] Esta instancia funciona hasta el { $until } junto a { $name }, que tiene la plaza y sigue en uso.
       *[no] Esta instancia funciona hasta el { $until } junto a { $name }, que tiene la plaza.
    }
    .next = { $asked ->
        [yes] Después dejará de funcionar: si se está trasladando, pida a su proveedor que la apruebe; si es un sistema de prueba, pida que lo declare como tal.
       *[no] Si la antigua no vuelve a preguntar hasta entonces, la plaza pasará aquí por sí sola; si es un sistema de prueba, pida a su proveedor que lo declare como tal.
    }

seat-moving-away =
    .title = Otra instancia está llegando
    .cause = Desde el { $since } otra instancia, { $name }, usa la misma clave; ambas funcionan hasta el { $until }.
    .next = Como esta sigue en uso, conservará la plaza; si se ha trasladado, quite la clave de aquí o pida a su proveedor que apruebe la instancia nueva.

instance-unknown =
    .title = Instancia desconocida
    .cause = Ninguna instancia tiene el identificador, el UID o la dirección «{ $instance }».
    .next = Compruébelo en la lista de instancias.

instance-ambiguous =
    .title = Varias instancias
    .cause = «{ $instance }» designa varias instancias: distintas suscripciones la conocen.
    .next = Elija una por su identificador: { $known }.

nothing-to-decide =
    .title = Nada que decidir
    .cause = La instancia está en el estado «{ $state }» y no espera ninguna decisión.
    .next = Consulte la instancia; para quitarle la plaza, libérela.

nothing-to-release =
    .title = Nada que liberar
    .cause = La instancia está en el estado «{ $state }» y no tiene plaza.
    .next = No hay nada que hacer; busque la instancia que tiene la plaza.

seats-in-use =
    .title = Plazas en uso
    .cause = { $taken } plazas de la suscripción están ocupadas, así que no puede tener solo { $seats }.
    .next = Libere antes alguna plaza.

releases-spent =
    .title = No sin el proveedor
    .cause = { $most ->
        [0] Esta suscripción no permite liberar una plaza sin el proveedor.
       *[other] Las plazas de esta suscripción pueden liberarse { $most } veces al año sin el proveedor, y ya se ha hecho.
    }
    .next = { $again ->
        [none] Pida a su proveedor que libere la plaza.
       *[known] Pida a su proveedor que libere la plaza, o inténtelo de nuevo el { $until }.
    }

environment-unknown =
    .title = Entorno desconocido
    .cause = Ningún entorno se llama «{ $given }».
    .next = Elija uno de estos: production, staging, development.

number-invalid =
    .title = Número no posible
    .cause = El valor del campo «{ $field }» es menor que { $least } o mayor que { $most }.
    .next = Elija un número de { $least } a { $most }.

url-invalid =
    .title = Dirección no posible
    .cause = { $fault ->
        [empty] La dirección del sitio está vacía.
        [too-long] La dirección del sitio tiene más de { $most } bytes.
        [scheme] La dirección del sitio no empieza por https:// ni por http://.
        [credentials] La dirección del sitio contiene un nombre de usuario o una contraseña.
        [host] La dirección del sitio no nombra ningún servidor posible.
        [port] La dirección del sitio no nombra ningún puerto posible.
       *[character] La dirección del sitio contiene un espacio, un carácter de control o una barra invertida.
    }
    .next = { $fault ->
        [credentials] Envíe la dirección sin ellos, y cambie la contraseña que se envió.
       *[other] Envíe la dirección tal como aparece en la barra del navegador, por ejemplo https://glpi.example.org/glpi.
    }

plugin-not-covered =
    .title = Complemento no incluido
    .cause = La suscripción no incluye el complemento «{ $plugin }».
    .next = { $hint ->
        [none] No incluye ningún complemento; pida a su proveedor una clave que sí los incluya.
       *[known] Incluye: { $known }; pida a su proveedor una clave que incluya este.
    }

trial-unavailable =
    .title = Sin prueba
    .cause = El complemento «{ $plugin }» no se puede probar sin clave.
    .next = Introduzca una clave; su proveedor las emite.

trial-running =
    .title = Prueba
    .cause = La prueba dura hasta el { $until }.
    .next = Para seguir después, introduzca una clave; su proveedor las emite.

trial-ended =
    .title = Prueba terminada
    .cause = La prueba terminó el { $date }; cada complemento se prueba una sola vez por GLPI.
    .next = Para seguir, introduzca una clave; su proveedor las emite y también puede prolongar la prueba.

trial-unknown =
    .title = Prueba desconocida
    .cause = Ninguna prueba tiene el identificador «{ $trial }».
    .next = Compruebe el identificador en la lista de pruebas.

trial-already-subscribed =
    .title = Ya es una suscripción
    .cause = La prueba ya se convirtió en la suscripción { $subscription }.
    .next = Renueve o prolongue esa suscripción.

## Lo que ha fallado por nuestra parte

store-unavailable =
    .title = Base de datos no disponible
    .cause = El servicio no puede acceder a su base de datos en este momento; esto no dice nada sobre la clave.
    .next = Inténtelo de nuevo dentro de unos minutos; el responsable del servicio debe revisar la base de datos y su disco.

key-not-in-store =
    .title = La clave falta en la base de datos
    .cause = La clave { $key } es auténtica, pero la base de datos del servicio no la contiene; probablemente se ha restaurado una copia de seguridad antigua.
    .next = Conserve la clave y avise a su proveedor; el responsable del servicio debe restaurar la copia de seguridad más reciente.

clock-suspect =
    .title = Reloj poco fiable
    .cause = El reloj del servicio parece incorrecto, por lo que de momento no se pronuncia sobre ninguna clave.
    .next = Inténtelo más tarde; el responsable del servicio debe ajustar el reloj o, si es correcto, confirmarlo.

secret-unreadable =
    .title = Secreto ilegible
    .cause = Un secreto de la base de datos no se puede abrir con la clave maestra actual.
    .next = El responsable del servicio debe iniciarlo con la clave maestra que corresponde a esta base de datos.

overloaded =
    .title = Servicio sobrecargado
    .cause = El servicio recibe más peticiones de las que puede atender a tiempo; esto no dice nada sobre la clave.
    .next = Inténtelo de nuevo dentro de unos minutos; si persiste, avise al responsable del servicio.

restart-needed =
    .title = Hay que reiniciar
    .cause = El servicio funciona con un ajuste que se cambió entretanto, así que por ahora no modifica nada.
    .next = Inténtelo más tarde; quien gestiona el servicio debería reiniciarlo.

internal-error =
    .title = Error interno
    .cause = Un error del propio servicio ha impedido la respuesta; esto no dice nada sobre la clave.
    .next = Inténtelo de nuevo dentro de unos minutos; si persiste, avise al responsable del servicio, cuyo registro contiene los detalles.

## Las peticiones de los programas, y qué hay de malo en ellas

token-missing =
    .title = Ningún token
    .cause = { $gap ->
        [header] La petición no tiene cabecera Authorization, o tiene más de una.
        [scheme] La cabecera Authorization no consta de «Bearer» y un token.
       *[empty] No hay ningún token después de «Bearer».
    }
    .next = Envíe un token en la cabecera «Authorization: Bearer»; el responsable del servicio crea uno con «latchkey token create».

token-not-known =
    .title = Token no reconocido
    .cause = { $shaped ->
        [yes] Este token no es de este servicio, o su secreto es otro.
       *[no] El texto después de «Bearer» no es un token de este servicio: los tokens empiezan por lkapi_.
    }
    .next = Compruebe a qué servicio pertenece el token; el responsable de este crea uno nuevo con «latchkey token create».

token-damaged =
    .title = Token incompleto
    .cause = El token no está entero: faltan caracteres, o se cambió alguno.
    .next = Copie el token de nuevo, desde el primer carácter hasta el último.

token-expired =
    .title = Token caducado
    .cause = El token { $token } terminó en { $since }.
    .next = El responsable del servicio crea uno nuevo con «latchkey token create».

token-revoked =
    .title = Token revocado
    .cause = El token { $token } fue revocado en { $since }.
    .next = El responsable del servicio crea uno nuevo con «latchkey token create».

token-misplaced =
    .title = Token en la dirección
    .cause = Se envió un token en la dirección, que por el camino queda escrita en registros e historiales.
    .next = Revoque ese token, y envíe uno nuevo en la cabecera «Authorization: Bearer».

scope-missing =
    .title = El token no tiene permiso
    .cause = Para esto hace falta un token con el permiso { $scope }.
    .next = Use otro token, o pida uno con ese permiso: «latchkey token create --scope { $scope }».

too-many-requests =
    .title = Demasiadas peticiones
    .cause = Este token envía más de { $most } peticiones por minuto.
    .next = Espere lo que dice la cabecera Retry-After y siga más despacio; el responsable del servicio puede aumentar token_requests_per_minute.

too-many-failed-keys =
    .title = Demasiadas claves que no lo son
    .cause = En un minuto llegaron desde esta dirección demasiadas claves que no están enteras o no son auténticas.
    .next = Compruebe la clave con «latchkey key inspect», e inténtelo más tarde. Las claves buenas reciben siempre su respuesta.

body-not-json =
    .title = El cuerpo no es JSON
    .cause = La cabecera Content-Type no dice application/json.
    .next = Envíe JSON, con la cabecera «Content-Type: application/json».

headers-too-long =
    .title = Las cabeceras son demasiado largas
    .cause = Las cabeceras suman más de { $most } bytes.
    .next = Envíe menos cabeceras o más cortas; quizá se añadió por el camino una cookie o un token de otro programa.

body-too-long =
    .title = El cuerpo es demasiado largo
    .cause = El cuerpo tiene más de { $most } bytes, o se interrumpió.
    .next = Envíe menos de una vez.

body-malformed =
    .title = El cuerpo no se puede leer
    .cause = { $fault ->
        [no-object] El cuerpo es JSON, pero no un objeto.
        [twice] El miembro «{ $member }» está dos veces en el cuerpo.
        [too-deep] Los valores del cuerpo están anidados a más de { $most } niveles.
       *[syntax] El cuerpo no es JSON: no se puede leer a partir de la línea { $line }, carácter { $column }.
    }
    .next = Envíe un solo objeto JSON en UTF-8, cada miembro una vez.

body-invalid =
    .title = El cuerpo no es como debe ser
    .cause = { $fault ->
        [unknown] No hay ningún miembro «{ $name }». Existen: { $known }.
        [missing] Falta el miembro «{ $name }».
        [twice] El miembro «{ $name }» está dos veces.
        [not-one-of] «{ $given }» no es un valor del miembro «{ $name }». Existen: { $known }.
        [wants-text] El miembro «{ $name }» debe ser un texto.
        [wants-number] El miembro «{ $name }» debe ser un número entero no negativo.
        [wants-list] El miembro «{ $name }» debe ser una lista.
        [out-of-range] El miembro «{ $name }» va de { $least } a { $most }.
       *[other] El miembro «{ $name }» tiene un valor de otro tipo.
    }
    .next = Compare el cuerpo con la descripción de la operación en /api/v1/docs.

parameter-invalid =
    .title = Un parámetro no es como debe ser
    .cause = { $fault ->
        [unknown] No hay ningún parámetro «{ $name }». Existen: { $known }.
        [missing] Falta el parámetro «{ $name }».
        [twice] El parámetro «{ $name }» está dos veces.
        [not-one-of] «{ $given }» no es un valor del parámetro «{ $name }». Existen: { $known }.
        [wants-number] El parámetro «{ $name }» debe ser un número entero no negativo.
        [out-of-range] El parámetro «{ $name }» va de { $least } a { $most }.
        [foreign-cursor] El parámetro «{ $name }» no es uno que haya dado esta lista.
        [no-instant] El parámetro «{ $name }» no es ni un instante como 2027-02-28T12:00:00Z ni un día.
        [no-day] El parámetro «{ $name }» no es un día como 2027-02-28.
        [not-taken] Esta dirección no admite parámetros.
       *[other] El parámetro «{ $name }» tiene un valor de otro tipo.
    }
    .next = Compare la dirección con la descripción de la operación en /api/v1/docs.

idempotency-key-invalid =
    .title = Idempotency-Key no válida
    .cause = La cabecera Idempotency-Key está más de una vez, o no tiene de 1 a { $most } caracteres ASCII visibles.
    .next = Dé a cada petición un nombre propio, como un UUID.

idempotency-key-reused =
    .title = Otra petición tuvo este nombre
    .cause = En las últimas 24 horas este token envió otra petición con la misma Idempotency-Key.
    .next = Dé a cada petición un nombre propio, y repita una petición exactamente como era.

not-found =
    .title = No hay nada en esta dirección
    .cause = «{ $path }» no es una dirección de este servicio.
    .next = Compruebe la dirección; GLPI solo necesita la dirección base del servicio, sin ruta.

method-not-allowed =
    .title = Esta dirección admite otro método
    .cause = «{ $path }» no admite { $method }.
    .next = GLPI pregunta con GET; lo que pueden enviar los programas está en /api/v1/docs.

stopping =
    .title = Este servidor está a punto de detenerse
    .cause = Recibió la orden de detenerse, y termina lo que está en curso.
    .next = Pregunte a otro, o inténtelo de nuevo cuando haya vuelto.

## Peticiones a otros, y por qué quedaron sin respuesta

outgoing-url-invalid =
    .title = Dirección que no se puede consultar
    .cause = { $fault ->
        [scheme] La dirección no empieza ni por https:// ni por http://.
        [credentials] La dirección contiene un nombre de usuario o una contraseña, que acabarían en registros.
        [length] La dirección es demasiado larga.
       *[form] La dirección no se puede leer.
    }
    .next = Dé una como https://glpi.example.org, sin nada delante del host.

outgoing-address-forbidden =
    .title = Esta dirección no se consulta
    .cause = { $allowable ->
        [yes] { $origin } lleva a { $address }, que pertenece a esta máquina o a una red privada.
       *[no] { $origin } lleva a { $address }, que nunca se consulta: en tales direcciones se entregan credenciales de máquinas, o no hay nadie.
    }
    .next = { $allowable ->
        [yes] Si se puede alcanzar, el responsable del servicio la permite con el ajuste outgoing_allow, por ejemplo "{ $address }".
       *[no] Dé la dirección del servicio al que se refiere.
    }

outgoing-name-unknown =
    .title = Nombre desconocido
    .cause = No se conoce ninguna dirección para el host de { $origin }.
    .next = Compruebe la ortografía, y si el servicio de nombres del servidor conoce el host.

outgoing-not-connected =
    .title = Sin conexión
    .cause = { $why ->
        [refused] Nada escucha en { $origin }.
        [unreachable] Ningún camino lleva de este servidor a { $origin }.
       *[other] No se puede establecer conexión con { $origin }.
    }
    .next = Compruebe host y puerto, y si el otro servicio funciona y un cortafuegos deja pasar a este servidor.

outgoing-not-trusted =
    .title = Sin confianza
    .cause = { $why ->
        [issuer] Nadie a quien este servidor conozca responde por el certificado de { $origin }.
        [name] El certificado de { $origin } pertenece a otro host.
        [time] El certificado de { $origin } ha caducado o aún no es válido.
       *[no-tls] { $origin } no habla TLS, o ninguno que hable este servidor.
    }
    .next = { $why ->
        [issuer] Si el certificado es de una autoridad propia, añádala a los certificados del sistema, o indique su archivo con outgoing_ca_file.
        [name] Use el nombre que figura en el certificado, o haga que se renueve para este host.
        [time] Haga renovar el certificado, y compruebe el reloj de este servidor.
       *[no-tls] Compruebe el puerto, y si la dirección debería empezar por http://.
    }

outgoing-timed-out =
    .title = Sin respuesta a tiempo
    .cause = { $stage ->
        [name] Las direcciones del host de { $origin } no se encontraron a tiempo.
        [connection] { $origin } no aceptó la conexión a tiempo.
       *[answer] { $origin } no respondió a tiempo.
    }
    .next = Compruebe si el otro servicio funciona y no está sobrecargado, y si un cortafuegos deja pasar a este servidor.

outgoing-answer-too-long =
    .title = Respuesta demasiado larga
    .cause = La respuesta de { $origin } tiene más de { $most } bytes.
    .next = Compruebe si la dirección es la del servicio al que se refiere.

outgoing-redirected =
    .title = Enviado a otra parte
    .cause = { $where ->
        [known] { $origin } remite a { $to }, adonde la petición no sigue.
       *[unknown] { $origin } remite a una dirección que no se puede consultar.
    }
    .next = Dé la dirección final, si confía en ella.

outgoing-broken-off =
    .title = Respuesta incomprensible
    .cause = La conexión con { $origin } se interrumpió, o lo que llegó por ella no es HTTP.
    .next = Compruebe host y puerto, y mire el registro del otro servicio.

## El mercado: los complementos

archive-refused =
    .title = Archivo no publicado
    .cause = { $fault ->
        [not-one] No es tar.gz, ni tar.bz2, ni zip.
        [damaged] El archivo se interrumpe, o sus sumas de control no coinciden.
        [empty] El archivo no contiene ningún fichero.
        [too-long] El archivo supera los { $about } bytes admitidos.
        [path] La ruta «{ $about }» es absoluta, sale de la carpeta o tiene caracteres impropios de una ruta.
        [link] El enlace «{ $about }» sale de la carpeta del complemento, u otra ruta pasa por él.
        [special] «{ $about }» es un dispositivo, una tubería u otra cosa que ningún complemento contiene.
        [twice] La ruta «{ $about }» aparece dos veces.
        [too-many] El archivo contiene más de { $about } ficheros.
        [too-large] Del archivo salen más de { $about } bytes.
        [bomb] Del archivo sale más de { $about } veces lo que entró.
        [top] Junto a la carpeta del complemento está «{ $about }» en la raíz del archivo.
        [folder] La carpeta «{ $about }» no lleva nombre de complemento: letras y cifras, primero una letra.
        [no-setup] La carpeta «{ $about }» no tiene setup.php.
        [other-plugin] setup.php no tiene la función { $about }: la carpeta no lleva el nombre del complemento.
        [no-version] setup.php no indica una versión legible sin ejecutarlo.
        [other-version] setup.php indica la versión { $about }, pero debía publicarse { $wanted }.
       *[range] setup.php indica versiones de GLPI imposibles: { $about }.
    }
    .next = No se ha guardado nada. Empaquete el complemento en una sola carpeta con su nombre y su setup.php, y publíquelo.

plugin-sheet-invalid =
    .title = La descripción del complemento tiene errores
    .cause = { $mistakes }
    .next = Corríjala y publique de nuevo; no se ha guardado nada.

plugin-sheet-mistake =
    .title = La descripción del complemento tiene errores
    .cause = { $fault ->
        [not-xml] Línea { $line }: XML mal formado.
        [root] Línea { $line }: el elemento exterior no es «root».
        [missing] Línea { $line }: falta «{ $about }».
        [twice] Línea { $line }: «{ $about }» aparece dos veces.
        [text] Línea { $line }: «{ $about }» está vacío, es demasiado largo o tiene caracteres no admitidos.
        [address] Línea { $line }: «{ $about }» no es una dirección que empiece por https:// o http://.
        [other-plugin] Línea { $line }: describe otro complemento: «{ $about }».
       *[version-missing] Línea { $line }: la versión { $about } del archivo no está entre sus versiones.
    }
    .next = Corríjala y publique de nuevo; no se ha guardado nada.

plugin-unknown =
    .title = Complemento desconocido
    .cause = Ningún complemento tiene la clave «{ $plugin }».
    .next = { $hint ->
        [meant] ¿Quiso decir «{ $meant }»?
       *[none] Consulte la lista de complementos.
    }

plugin-version-unknown =
    .title = Versión desconocida
    .cause = El complemento { $plugin } no tiene la versión «{ $version }».
    .next = Consulte las versiones del complemento.

plugin-version-exists =
    .title = Versión ya publicada
    .cause = La versión { $version } de { $plugin } se publicó el { $date }; lo que se descargó una vez nunca se sustituye por otra cosa.
    .next = Dé al complemento una versión superior y publíquela.

plugin-version-withdrawn =
    .title = Versión retirada
    .cause = La versión { $version } de { $plugin } se retiró el { $date }.
    .next = Use otra versión del complemento.

plugin-not-opened =
    .title = Complemento fuera de la suscripción
    .cause = La suscripción de esta clave no incluye el complemento { $plugin }.
    .next = Se incluye en: { $offers }. Pida una de estas ofertas a su proveedor.

channel-unknown =
    .title = Canal desconocido
    .cause = No hay ningún canal «{ $given }».
    .next = Hay: stable, pre-release.

storage-unavailable =
    .title = Archivos fuera de alcance
    .cause = El lugar donde se guardan los archivos no responde, o está lleno.
    .next = Inténtelo de nuevo en un minuto; si continúa, avise al proveedor.

plugin-withdrawn-here =
    .title = Versión retirada
    .cause = La versión { $version } del complemento { $plugin }, que este GLPI descargó, fue retirada por el proveedor.
    .next = Actualice el complemento, o desactívelo hasta que haya otra versión.
