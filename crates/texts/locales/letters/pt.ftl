## The mail with which a vendor sends a key

mail-subject = A sua chave de registo para o GLPI
mail-hello = Bom dia,
mail-what = aqui está a chave de registo de { $customer } para “{ $offer }”. O último dia da subscrição é { $ends }.
mail-where = No seu GLPI, abra Configurar > Geral > GLPI Network, cole a chave numa só linha em “Chave de registo” e guarde.
mail-service = Se o seu GLPI ainda não consulta o nosso serviço, acrescente primeiro esta linha ao ficheiro config/local_define.php:
mail-check = O estado da chave pode ser visto a qualquer momento aqui: { $address }
mail-keep = A chave continua a mesma quando a subscrição é renovada. Quem a tem pode usá-la; por favor, não a partilhe.
mail-bye = Com os melhores cumprimentos

## The page where anybody who has a key sees how it stands

check-title = Como está a minha chave de registo?
check-intro = Cole a chave tal como o seu fornecedor a enviou. É examinada, respondida e não é guardada.
check-field = Chave de registo
check-do = Verificar a chave
check-open = A chave está em ordem
check-closed = A chave é autêntica, mas a sua subscrição não está em curso
check-refused = A chave não conta
check-last-day = Último dia da subscrição
check-grace = Tudo funciona até este dia, inclusive
check-offer = Subscrição
check-answer = O que se passa
check-next = Próximo passo
check-nothing = Não há nada a fazer.
check-wait = Do seu endereço vieram demasiados textos que não são chaves. Tente de novo dentro de { $seconds } segundos.
check-language = Língua
