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
check-language = Idioma
