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
page-language = Língua

## O formulário de um convite, e o que vem depois

join-title = Criar sua conta
join-intro = Você foi convidado para { $name }. Preencha o formulário, e sua conta será criada.
invite-sheet = Você foi convidado para { $name }. Leia este código com o telefone, ou digite o endereço abaixo em um navegador, e preencha o formulário.
join-firstname = Nome próprio
join-realname = Sobrenome
join-email = Endereço de e-mail
join-login = Nome de usuário
join-password = Senha
join-password2 = Senha de novo
join-login-hint = Com ele você vai entrar. Se ficar vazio, é formado a partir do seu nome.
join-email-hint = Um endereço de { $domains }.
join-password-hint = Pelo menos { $least } caracteres. Algumas palavras sem relação entre si são fáceis de lembrar e difíceis de adivinhar.
join-digit = Precisa conter um algarismo.
join-lower = Precisa conter uma letra minúscula.
join-upper = Precisa conter uma letra maiúscula.
join-symbol = Precisa conter um caractere que não seja letra nem algarismo.
join-do = Criar a conta
join-faults = Ainda não está tudo certo. O que foi digitado fica, menos as senhas.
join-empty = Isto não pode ficar vazio.
join-too-long = Isto tem mais de { $most } caracteres.
join-character = “{ $character }” não pode ficar aqui.
join-unseen = Há um caractere que não se vê.
join-no-email = Isto não é um endereço de e-mail como nome@example.org.
join-other-domain = Só endereços de { $domains } são convidados.
join-imitates = Este nome de usuário parece outro: espaços nas pontas, letras de várias escritas ou caracteres que não se veem.
join-reserved = Este nome de usuário é reservado. Escolha outro.
join-taken = Outra pessoa tem este nome de usuário. Escolha outro.
join-too-short = A senha precisa de pelo menos { $least } caracteres.
join-no-digit = Não há nenhum algarismo.
join-no-lower = Não há nenhuma letra minúscula.
join-no-upper = Não há nenhuma letra maiúscula.
join-no-symbol = Há apenas letras e algarismos.
join-differs = As duas senhas não são iguais.
join-known = Esta senha está em listas que vazaram: é a primeira que outros tentam.
join-weak = Esta senha é adivinhada cedo demais. Faça-a mais longa, sem seu nome e sem fileiras de teclas.
join-complete-title = Sua conta está pronta
join-complete = Você pode entrar com o nome de usuário { $login }.
join-sign-in = Entrar
join-directory = Seu cadastro está guardado com o nome de usuário { $login }. Quem convidou você cuida do resto.
join-waiting-title = Seu cadastro está guardado
join-waiting = O serviço que cria a conta não responde agora. Você não precisa digitar nada de novo: a conta { $login } será criada assim que ele responder. Guarde esta página e volte mais tarde.
join-incomplete = Sua conta { $login } existe, mas nem tudo está como deveria. Quem convidou você também vê isso.
join-taken-title = O nome de usuário está em uso
join-taken-page = Outra pessoa tinha o nome de usuário { $login }. Abra seu convite de novo e escolha outro.
join-password-title = Escolha sua senha de novo
join-password-page = O serviço ficou tanto tempo sem responder que sua senha não está mais guardada. Escolha uma de novo, e a conta { $login } será criada.
join-password-do = Guardar esta senha
join-again = Olhar de novo
join-closed-title = Este link não abre nada
join-closed = Não há convite por trás dele, ou você esperou demais: um formulário pode ser preenchido durante duas horas.
join-closed-next = Abra de novo o link do seu convite, como foi enviado. Se não ajudar, pergunte a quem o enviou.
join-wait-title = Espere um pouco
join-wait = Houve envios demais do seu endereço ou para este convite. Tente de novo em { $seconds } segundos.
join-foreign = O formulário não veio desta página. Abra de novo o link do seu convite.
join-required = Todos os campos, exceto o nome de usuário, devem ser preenchidos.
