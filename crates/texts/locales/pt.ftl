## Textos que não são uma das nossas chaves, inteira e autêntica

key-missing =
    .title = Nenhuma chave
    .cause = Não foi enviada nenhuma chave de registo.
    .next = Copie a chave completa que o seu fornecedor lhe enviou e cole-a no separador «GLPI Network» do GLPI.

key-too-long =
    .title = Texto demasiado longo para uma chave
    .cause = O texto tem { $length } caracteres, muito mais do que qualquer chave de registo.
    .next = Copie apenas a chave, numa única linha, e cole-a de novo.

key-whitespace =
    .title = Espaço em branco dentro da chave
    .cause = { $kind ->
        [line-break] A chave contém uma quebra de linha a seguir ao carácter n.º { $after }.
        [space] A chave contém um espaço a seguir ao carácter n.º { $after }.
        [tab] A chave contém uma tabulação a seguir ao carácter n.º { $after }.
       *[other] A chave contém um espaço em branco a seguir ao carácter n.º { $after }.
    }
    .next = { $whole ->
        [yes] Elimine da chave todos os espaços e quebras de linha: sem eles está completa.
       *[no] Copie de novo a chave completa, numa única linha, tal como o seu fornecedor a enviou; neste caso não basta eliminar os espaços.
    }

key-alphabet =
    .title = Carácter errado na chave
    .cause = { $shown ->
        [yes] O carácter n.º { $at } da chave é «{ $character }», que não pode estar aí.
       *[no] O carácter n.º { $at } da chave não ocorre em nenhuma chave.
    }
    .next = Copie de novo a chave completa, sem aspas nem outro texto à volta, e volte a colá-la.

key-truncated =
    .title = Chave cortada
    .cause = Falta o fim da chave: foi cortada a seguir ao carácter n.º { $after }.
    .next = Copie de novo a chave até ao último carácter e volte a colá-la.

key-beginning-missing =
    .title = Falta o início da chave
    .cause = Falta o início da chave.
    .next = Copie de novo a chave a partir do primeiro carácter e volte a colá-la.

key-trailing =
    .title = Texto a seguir à chave
    .cause = A chave está completa a seguir ao carácter n.º { $after }, mas há mais texto depois dela.
    .next = Apague tudo o que se segue ao carácter n.º { $after }; a chave também não deve ser colada duas vezes.

key-altered =
    .title = Chave alterada
    .cause = { $part ->
        [encoding] A chave foi alterada: a sua codificação não é a original.
        [layout] A chave foi alterada: a sua estrutura não é a original.
        [version] A chave foi alterada: a sua versão de formato não é a original.
        [signing-key] A chave foi alterada: o identificador da sua chave de assinatura não é o original.
        [key-id] A chave foi alterada: o seu identificador não é o original.
        [issue-date] A chave foi alterada: a sua data de emissão não é a original.
       *[signature] A chave foi alterada: a sua assinatura não é a original.
    }
    .next = Copie de novo a chave tal como o seu fornecedor a enviou, ou peça-lhe que a volte a enviar.

key-format-unknown =
    .title = Formato de chave desconhecido
    .cause = A chave tem o formato { $version }, que este serviço ainda não conhece.
    .next = Informe o seu fornecedor: o responsável pelo serviço deve atualizá-lo.

key-foreign =
    .title = Chave de outro fornecedor
    .cause = { $origin ->
        [publisher] A chave provém de outro fornecedor ({ $publisher }), não daquele cujo serviço responde aqui.
       *[format] É uma chave de registo, mas não foi emitida pelo fornecedor cujo serviço responde aqui.
    }
    .next = Introduza a chave do fornecedor cujo serviço este GLPI consulta, ou mande verificar o endereço do serviço na configuração do GLPI.

key-not-a-key =
    .title = Não é uma chave de registo
    .cause = O texto não é uma chave de registo.
    .next = Copie a chave completa que o seu fornecedor lhe enviou e cole-a no separador «GLPI Network» do GLPI.

key-signer-unknown =
    .title = Chave de assinatura desconhecida
    .cause = A chave foi assinada com { $signer }, uma chave de assinatura que este serviço não conhece.
    .next = Informe o seu fornecedor: o responsável pelo serviço deve dar-lhe a conhecer essa chave de assinatura, ou emitir uma nova chave para si.

key-forged =
    .title = Assinatura errada
    .cause = A assinatura da chave não é autêntica: a chave foi modificada ou falsificada.
    .next = Copie de novo a chave tal como o seu fornecedor a enviou; se a mensagem persistir, peça-lhe uma nova chave.

## Chaves que eram nossas e já não contam

key-revoked =
    .title = Chave revogada
    .cause = Esta chave foi revogada em { $date }.
    .next = Peça uma nova chave ao seu fornecedor e introduza-a no separador «GLPI Network» do GLPI.

key-superseded =
    .title = Chave substituída
    .cause = Esta chave foi substituída por outra, emitida em { $issued }, e deixou de funcionar em { $date }.
    .next = { $new ->
        [withdrawn] A nova chave foi entretanto retirada; peça outra ao seu fornecedor.
       *[counts] Introduza a nova chave no separador «GLPI Network» do GLPI; se não a tiver, peça ao seu fornecedor a chave { $key }.
    }

key-overlap =
    .title = { $new ->
        [withdrawn] Chave substituída
       *[counts] Há uma nova chave à espera
    }
    .cause = Esta chave foi substituída por outra, emitida em { $issued }, e só funciona até { $until }.
    .next = { $new ->
        [withdrawn] A nova chave foi entretanto retirada; peça antes disso outra ao seu fornecedor.
       *[counts] Introduza antes disso a nova chave no separador «GLPI Network» do GLPI; se não a tiver, peça ao seu fornecedor a chave { $key }.
    }

## Subscrições

valid = A chave é válida; o último dia da subscrição é { $ends }.

subscription-ends-soon =
    .title = A subscrição termina em breve
    .cause = A subscrição termina em breve: o seu último dia é { $ends }.
    .next = Renove-a junto do seu fornecedor até esse dia; a chave mantém-se a mesma.

subscription-in-grace =
    .title = Subscrição em período de tolerância
    .cause = O último dia da subscrição foi { $ended }; tudo continua a funcionar até { $until }, inclusive.
    .next = Renove-a junto do seu fornecedor até esse dia; a chave mantém-se a mesma.

subscription-not-begun =
    .title = Subscrição ainda não iniciada
    .cause = A subscrição ainda não começou: o seu primeiro dia é { $begins }.
    .next = A chave funcionará a partir desse dia; se a subscrição deve começar mais cedo, contacte o seu fornecedor.

subscription-expired =
    .title = Subscrição expirada
    .cause = A subscrição expirou: o seu último dia foi { $ended }.
    .next = Renove-a junto do seu fornecedor; a chave mantém-se a mesma.

subscription-suspended =
    .title = Subscrição suspensa
    .cause = O seu fornecedor suspendeu a subscrição em { $date }.
    .next = Contacte o seu fornecedor; assim que a subscrição for retomada, a mesma chave volta a funcionar.

subscription-terminated =
    .title = Subscrição cessada
    .cause = O seu fornecedor pôs fim definitivo à subscrição em { $date }.
    .next = Para continuar, faça uma nova subscrição junto do seu fornecedor; receberá uma nova chave.

## O que um operador pediu e não obtém

text-invalid =
    .title = Texto não aceite
    .cause = { $fault ->
        [empty] O campo «{ $field }» está vazio.
        [too-long] O texto do campo «{ $field }» tem mais de { $most } caracteres.
        [control] O carácter n.º { $at } do campo «{ $field }» é uma quebra de linha ou outro carácter de controlo invisível.
       *[character] O carácter n.º { $at } do campo «{ $field }» não é aí permitido.
    }
    .next = { $rule ->
        [reference] Uma referência tem no máximo 40 caracteres, começa por uma letra minúscula e continua com letras minúsculas, algarismos, hífenes, traços inferiores ou pontos.
       *[text] Corrija o texto e tente novamente.
    }

field-customer = cliente
field-reason = motivo
field-offer = oferta
field-title = título
field-name = nome
field-email = endereço de e-mail
field-days = dias
field-registrations-days = dias para as inscrições
field-agents-days = dias para os agentes
field-overlap-days = dias de sobreposição
field-grace-days = dias de tolerância
field-tag = etiqueta
field-agents = agentes
field-plugin = nome do plugin
field-seats = lugares
field-staging-limit = limite de instâncias de teste
field-moves = mudanças por ano
field-releases = libertações autónomas por ano
field-move-days = dias do prazo de mudança
field-cooling-off-days = dias de espera
field-trial-days = dias de teste
field-inventory-user = utilizador para inventários
field-inventory-password = palavra-passe para inventários
field-inventory-client-id = identificador de cliente para inventários
field-inventory-client-secret = segredo de cliente para inventários

## Versions of GLPI that a plugin is for

range-both = de { $min } até antes de { $max }
range-from = { $min } e posteriores
range-before = antes de { $max }
range-any = qualquer versão

offer-unknown =
    .title = Oferta desconhecida
    .cause = Nenhuma oferta tem a referência «{ $reference }».
    .next = { $hint ->
        [meant] Queria dizer «{ $meant }»? Ofertas existentes: { $known }.
        [known] Ofertas existentes: { $known }.
       *[none] Ainda não há ofertas: crie uma primeiro.
    }

customer-unknown =
    .title = Cliente desconhecido
    .cause = Nenhum cliente tem o nome ou o identificador «{ $customer }».
    .next = { $hint ->
        [meant] Queria dizer «{ $meant }»?
       *[none] Verifique a ortografia ou crie primeiro o cliente.
    }

customer-exists =
    .title = O cliente já existe
    .cause = Já existe um cliente com o nome «{ $customer }»; não há distinção entre maiúsculas e minúsculas.
    .next = Utilize o cliente existente ou escolha outro nome.

customer-erased =
    .title = Cliente apagado
    .cause = O cliente { $customer } foi apagado em { $date }: o nome desapareceu para sempre e nada mais lhe é vendido.
    .next = Crie um novo cliente se houver um novo contrato.

subscription-unknown =
    .title = Subscrição desconhecida
    .cause = Nenhuma subscrição tem o identificador «{ $subscription }».
    .next = Verifique o identificador na lista de subscrições.

key-unknown =
    .title = Chave desconhecida
    .cause = Nenhuma chave tem o identificador «{ $key }».
    .next = Verifique o identificador na lista de chaves.

term-missing =
    .title = Falta a duração
    .cause = Nenhuma subscrição existente serve para esta chave, e não foi indicada a duração de uma nova.
    .next = Indique a duração da nova subscrição, em anos, meses ou dias.

term-invalid =
    .title = Duração impossível
    .cause = A duração é demasiado curta, demasiado longa ou ultrapassa o fim do calendário.
    .next = Escolha uma duração de pelo menos um dia e no máximo 100 anos.

date-invalid =
    .title = Data impossível
    .cause = «{ $given }» não é uma data que possa ser usada aqui.
    .next = Indique uma data do calendário a partir de 1970, com ano, mês e dia, por exemplo 2027-02-28.

last-day-over =
    .title = Último dia passado
    .cause = O último dia, { $given }, já passou: hoje é { $today }.
    .next = Indique o dia de hoje ou um posterior, ou nenhum. O último dia conta até o seu fim, no fuso horário deste serviço.

last-day-before-first =
    .title = Último dia antes do primeiro
    .cause = O último dia, { $given }, é anterior ao primeiro, { $first }.
    .next = Indique { $first } ou um dia posterior como último, ou um primeiro dia anterior.

last-day-too-late =
    .title = Último dia distante demais
    .cause = O último dia, { $given }, está longe demais: um convite pode ser usado por no máximo { $most } dias.
    .next = Indique { $latest } ou um dia anterior, ou nenhum, para que não tenha fim.

last-day-and-days =
    .title = Dois fins
    .cause = Um último dia, { $given }, e um número de dias foram indicados ao mesmo tempo.
    .next = Indique um dos dois.

days-invalid =
    .title = Demasiados dias
    .cause = O valor do campo «{ $field }» é superior a { $most }.
    .next = Escolha um número de 0 a { $most }.

subscription-already-suspended =
    .title = Já suspensa
    .cause = A subscrição está suspensa desde { $date }.
    .next = Não há nada a fazer; para que volte a correr, retome-a.

subscription-not-suspended =
    .title = Não suspensa
    .cause = A subscrição { $subscription } não está suspensa.
    .next = Não há nada a retomar; verifique se é esta a subscrição pretendida.

subscription-already-terminated =
    .title = Já cessada
    .cause = A subscrição terminou definitivamente em { $date }; já não pode ser alterada.
    .next = Crie uma nova subscrição para este cliente.

key-already-revoked =
    .title = Já revogada
    .cause = Esta chave já foi revogada em { $date }.
    .next = Não há nada a fazer; se o cliente precisar de uma chave, emita uma nova.

key-already-superseded =
    .title = Já substituída
    .cause = Esta chave já foi substituída pela chave { $key }.
    .next = Utilize antes essa chave.

token-unknown =
    .title = Token de API desconhecido
    .cause = Nenhum token de API tem o identificador “{ $token }”.
    .next = Verifique o identificador na lista de tokens.

token-already-revoked =
    .title = Token já revogado
    .cause = Este token de API já foi revogado em { $date }.
    .next = Não há nada a fazer; se um programa precisar de um token, crie um novo.

scope-unknown =
    .title = Permissão desconhecida
    .cause = { $case ->
        [none] Nenhuma permissão foi dada ao token, que assim nada poderia fazer.
       *[unknown] Nenhuma permissão se chama “{ $given }”.
    }
    .next = { $hint ->
        [meant] Quis dizer “{ $meant }”? Existem: { $known }.
       *[known] Existem: { $known }.
    }

## What whoever issued a key may not have meant

subscription-beside-another =
    .title = Uma segunda subscrição
    .cause = O cliente já tem outra subscrição desta oferta, { $subscription }, cujo último dia é { $ends }.
    .next = Se era só para prolongar essa, renove-a e cancele esta; as chaves dela mantêm-se.

subscription-began-before =
    .title = Começa no passado
    .cause = A subscrição começou antes de hoje, em { $begins }.
    .next = Se não era isso que se pretendia, cancele-a e emita de novo a chave com o primeiro dia certo.

subscription-over-already =
    .title = Já terminou
    .cause = { $works ->
        [yes] O último dia da subscrição foi { $ended }; a chave só funciona até { $until }, inclusive.
       *[no] O último dia da subscrição foi { $ended }, por isso a chave não abre nada.
    }
    .next = Se não era isso que se pretendia, renove a subscrição.

## Operadores, que trabalham na consola

role-missing =
    .title = Função insuficiente
    .cause = A sua função ({ $has }) não permite isto: é necessária { $needs }.
    .next = Peça a um operador com essa função que o faça, ou a um proprietário que altere a sua função.

role-unknown =
    .title = Função desconhecida
    .cause = Nenhuma função se chama “{ $given }”.
    .next = { $hint ->
        [meant] Queria dizer “{ $meant }”? Existem: owner, manager, support, auditor.
       *[none] Existem: owner, manager, support, auditor.
    }

operator-unknown =
    .title = Operador desconhecido
    .cause = Nenhum operador tem o endereço ou o identificador “{ $operator }”.
    .next = { $hint ->
        [meant] Queria dizer “{ $meant }”?
       *[none] Verifique na lista de operadores.
    }

operator-exists =
    .title = O operador já existe
    .cause = Já existe um operador com o endereço “{ $email }”.
    .next = Trabalhe com esse operador ou indique outro endereço.

operator-disabled =
    .title = Conta desativada
    .cause = Esta conta foi desativada em { $date }.
    .next = Peça a um proprietário que a ative de novo.

operator-not-disabled =
    .title = Não está desativada
    .cause = A conta “{ $email }” não está desativada.
    .next = Não há nada a ativar; verifique se é esta a conta pretendida.

owner-exists =
    .title = Já existe um proprietário
    .cause = Um proprietário, “{ $email }”, já pode iniciar sessão: não é necessária uma ligação de instalação.
    .next = Inicie sessão com essa conta, ou mande repô-la na linha de comandos se a palavra-passe se perdeu.

last-owner =
    .title = Último proprietário
    .cause = É o único proprietário que pode iniciar sessão.
    .next = Torne primeiro outro operador proprietário.

email-invalid =
    .title = Não é um endereço de e-mail
    .cause = “{ $given }” não é um endereço de e-mail.
    .next = Indique um endereço como nome@example.org.

email-domain-invalid =
    .title = Não é um domínio de e-mail
    .cause = “{ $given }” não é um domínio que um endereço de e-mail possa ter.
    .next = Indique um domínio como example.org; um internacional, na sua forma xn--.

password-refused =
    .title = Palavra-passe não aceite
    .cause = { $fault ->
        [too-short] A palavra-passe tem menos de { $least } caracteres.
        [too-long] A palavra-passe tem mais de { $most } caracteres.
        [guessable] A palavra-passe é fácil de adivinhar: é o seu endereço ou tem muito poucos caracteres diferentes.
       *[differs] As duas palavras-passe não são iguais.
    }
    .next = { $fault ->
        [differs] Escreva duas vezes a mesma palavra-passe.
       *[other] Escolha uma frase mais longa em que só você pensaria; um gestor de palavras-passe pode criá-la.
    }

sign-in-refused =
    .title = Sessão não iniciada
    .cause = O endereço de e-mail ou a palavra-passe está errado.
    .next = Verifique ambos e tente de novo; se a palavra-passe se perdeu, um proprietário pode enviar-lhe uma nova ligação.

sign-in-throttled =
    .title = Demasiadas tentativas
    .cause = Chegaram demasiadas palavras-passe ou códigos errados para esta conta ou deste endereço.
    .next = Aguarde { $seconds } segundos e tente de novo.

code-wrong =
    .title = Código errado
    .cause = Este código está errado, é demasiado antigo ou já foi usado.
    .next = Escreva os seis algarismos que a sua aplicação mostra agora, ou um código de recuperação que ainda não tenha usado.

link-unusable =
    .title = Ligação inutilizável
    .cause = Esta ligação está incompleta, já foi usada ou é demasiado antiga.
    .next = Peça uma nova a quem lha enviou.

connection-unknown =
    .title = Ligação desconhecida
    .cause = Nenhuma ligação a um GLPI tem o nome ou o identificador “{ $connection }”.
    .next = { $hint ->
        [meant] Queria dizer “{ $meant }”?
       *[none] Verifique na lista de ligações.
    }

connection-not-named =
    .title = Nenhuma ligação escolhida
    .cause = Há várias ligações a GLPIs e nenhuma foi escolhida.
    .next = Indique qual: { $known }.

connection-exists =
    .title = A ligação já existe
    .cause = Já existe uma ligação a um GLPI com o nome “{ $connection }”.
    .next = Use essa ligação ou escolha outro nome.

inventory-credential-mixed =
    .title = As credenciais para inventários não condizem
    .cause = { $kind ->
        [basic] Foram escolhidos um utilizador e uma palavra-passe para inventários, mas foi indicado um identificador ou um segredo de cliente.
        [oauth] Foram escolhidos um identificador e um segredo de cliente para inventários, mas foi indicado um utilizador ou uma palavra-passe.
       *[none] Não foi escolhida nenhuma credencial para inventários, mas foi indicado um utilizador, uma palavra-passe, um identificador ou um segredo de cliente.
    }
    .next = Escolha o que o GLPI pede e deixe vazio o que pertence a outra escolha.

glpi-not-found =
    .title = Não há nenhum GLPI aí
    .cause = O que responde neste endereço não é a API REST de um GLPI (estado { $status }).
    .next = Indique o endereço em que o GLPI se abre num navegador e veja se o apirest.php não está bloqueado.

glpi-api-off =
    .title = API REST desativada
    .cause = A API REST deste GLPI está desativada.
    .next = No GLPI: Configurar > Geral > API, ative a API REST.

glpi-address-not-allowed =
    .title = Endereço não permitido
    .cause = Este GLPI não permite nenhum cliente da sua API no endereço desta máquina.
    .next = No GLPI: Configurar > Geral > API, adicione um cliente de API para o endereço desta máquina.

glpi-app-token-wrong =
    .title = Token de aplicação errado
    .cause = O token de aplicação falta ou está errado.
    .next = Indique o do cliente de API (no GLPI: Configurar > Geral > API).

glpi-login-wrong =
    .title = O GLPI recusa o início de sessão
    .cause = O GLPI não conhece este token, ou este utilizador com esta palavra-passe.
    .next = Copie a chave de acesso remoto das preferências da conta de serviço e veja se a conta está ativa.

glpi-logins-off =
    .title = Sem início de sessão com palavra-passe
    .cause = A API deste GLPI não aceita inícios de sessão com palavra-passe.
    .next = Use o token da conta de serviço, ou ative o início de sessão com credenciais em Configurar > Geral > API.

glpi-session-over =
    .title = Sessão terminada
    .cause = O GLPI fechou a sessão entretanto.
    .next = Tente de novo.

glpi-refused =
    .title = O GLPI recusou
    .cause = O GLPI recusou com “{ $code }”.
    .next = Veja os direitos do perfil da conta de serviço.

glpi-broken =
    .title = O GLPI falhou
    .cause = O GLPI falhou com o estado { $status }.
    .next = Consulte o registo do GLPI (files/_log/php-errors.log).

users-read-missing =
    .title = Falta um direito
    .cause = A conta de serviço não pode ler utilizadores; o seu perfil é “{ $profile }”.
    .next = Nesse GLPI, dê ao perfil os direitos Utilizadores: ler, criar, atualizar.

users-create-missing =
    .title = Falta um direito
    .cause = A conta de serviço não pode criar utilizadores; o seu perfil é “{ $profile }”.
    .next = Nesse GLPI, dê ao perfil os direitos Utilizadores: ler, criar, atualizar.

invitation-unknown =
    .title = Convite desconhecido
    .cause = Nenhum convite tem o identificador ou o nome “{ $invitation }”.
    .next = { $hint ->
        [meant] Você quis dizer “{ $meant }”?
       *[none] Confira a grafia na lista de convites.
    }

invitation-ambiguous =
    .title = Vários convites
    .cause = Vários convites têm o nome “{ $invitation }”.
    .next = Escolha um pelo seu identificador: { $known }.

invitation-revoked =
    .title = Convite retirado
    .cause = O convite foi retirado em { $date }.
    .next = Peça outro a quem convidou você.

invitation-suspended =
    .title = Convite suspenso
    .cause = O convite está suspenso desde { $date }.
    .next = Pergunte a quem convidou você quando ele poderá ser usado de novo.

invitation-not-begun =
    .title = Ainda não aberto
    .cause = O convite pode ser usado a partir de { $date }.
    .next = Volte nessa data ou pergunte a quem convidou você.

invitation-expired =
    .title = Convite vencido
    .cause = O convite podia ser usado até { $date }.
    .next = Peça outro a quem convidou você.

invitation-used-up =
    .title = Convite esgotado
    .cause = Este convite já foi usado por tantas pessoas quantas podiam.
    .next = Se você ainda não se cadastrou, peça outro a quem convidou você.

invitation-not-suspended =
    .title = Não suspenso
    .cause = O convite { $invitation } não está suspenso.
    .next = Não há nada a retomar.

login-taken =
    .title = Nome de usuário já em uso
    .cause = Outra pessoa tem este nome de usuário.
    .next = Escolha outro.

changed-meanwhile =
    .title = Alterado entretanto
    .cause = O objeto deste formulário foi alterado em { $time }, depois de o formulário ter sido mostrado.
    .next = Veja como está agora e decida de novo.

## Agentes e as suas chaves de inscrição

enrollment-key-unknown =
    .title = Chave de inscrição desconhecida
    .cause = Nenhuma chave de inscrição tem o identificador ou o nome “{ $key }”.
    .next = { $hint ->
        [meant] Queria dizer “{ $meant }”?
       *[none] Compare com a lista de chaves de inscrição.
    }

enrollment-key-exists =
    .title = A chave de inscrição já existe
    .cause = Já há uma chave de inscrição com o nome “{ $name }”; maiúsculas e minúsculas não contam.
    .next = Use essa chave ou escolha outro nome.

enrollment-key-wrong =
    .title = Chave de inscrição errada
    .cause = A chave de inscrição enviada não é desta passagem: está cortada, mal escrita ou inventada.
    .next = Copie de novo a chave inteira para a configuração do agente: utilizador e palavra-passe, ou identificador e segredo do cliente.

enrollment-key-replaced =
    .title = Chave de inscrição substituída
    .cause = O segredo desta chave de inscrição foi substituído; o antigo não conta desde { $date }.
    .next = Ponha o novo segredo na configuração do agente.

enrollment-key-revoked =
    .title = Chave de inscrição revogada
    .cause = A chave de inscrição foi revogada em { $date } e já não deixa entrar ninguém.
    .next = Peça outra chave de inscrição ao administrador do GLPI.

enrollment-key-suspended =
    .title = Chave de inscrição suspensa
    .cause = A chave de inscrição está suspensa desde { $date }.
    .next = Nada há a fazer no agente: volta por si quando a chave for retomada.

enrollment-key-not-suspended =
    .title = Não está suspensa
    .cause = A chave de inscrição “{ $key }” não está suspensa.
    .next = Veja o seu estado.

enrollment-key-expired =
    .title = Chave de inscrição expirada
    .cause = A chave de inscrição expirou em { $date }.
    .next = Peça outra chave de inscrição ao administrador do GLPI.

enrollment-key-full =
    .title = Chave de inscrição completa
    .cause = Já vieram todos os agentes que a chave de inscrição deixa entrar ({ $most }).
    .next = Peça ao administrador do GLPI outra chave de inscrição ou lugar nesta.

enrollment-network-refused =
    .title = Não a partir desta rede
    .cause = A chave de inscrição não conta no endereço { $address }.
    .next = Pergunte ao administrador do GLPI para que redes é a chave; atrás de um proxy, se a passagem confia nele.

network-invalid =
    .title = Não é uma rede
    .cause = “{ $given }” não é um intervalo de endereços.
    .next = Indique por exemplo 10.20.0.0/16 ou 2001:db8::/32.

signing-key-unknown =
    .title = Chave de assinatura desconhecida
    .cause = Nenhuma chave de assinatura desta instalação tem o identificador «{ $key }».
    .next = As chaves assinadas por outra instalação não podem ser incorporadas; emita novas.

key-exists =
    .title = Outra chave
    .cause = Existe uma chave com o identificador «{ $key }», e é outra.
    .next = Compare a sua subscrição, a chave de assinatura e a data.

registration-unknown =
    .title = Registo desconhecido
    .cause = Nenhum registo tem o identificador “{ $registration }”.
    .next = Compare com a lista de registos.

agent-unknown =
    .title = Agente desconhecido
    .cause = Nenhum agente tem o identificador ou o dispositivo “{ $agent }”.
    .next = Compare com a lista de agentes.

agent-pending =
    .title = À espera de aprovação
    .cause = O agente é conhecido desde { $date } e espera que uma pessoa o aprove.
    .next = Nada há a fazer no agente: volta por si. Quem gere a passagem aprova-o.

agent-not-pending =
    .title = Já aprovado
    .cause = O agente “{ $agent }” não espera aprovação.
    .next = Nada há a fazer.

agent-quarantined =
    .title = Agente em quarentena
    .cause = O agente foi excluído em { $date }.
    .next = Pergunte porquê a quem gere a passagem; pode voltar a deixá-lo entrar.

agent-not-quarantined =
    .title = Não está em quarentena
    .cause = O agente “{ $agent }” não está em quarentena.
    .next = Nada há a fazer.

agent-message-invalid =
    .title = Não é uma mensagem de um agente
    .cause = { $fault ->
        [too-long] A mensagem tem mais bytes do que se aceitam.
        [swells] A mensagem descomprime-se em mais bytes do que se aceitam.
        [packing] A mensagem não se descomprime: está danificada ou cortada.
        [form] A mensagem não é JSON nem XML completo.
        [action] A mensagem não pede nada do que um agente pede.
        [device] A mensagem não diz de que máquina trata.
        [agent] A mensagem não diz de que agente vem.
       *[slow] A mensagem não chegou a tempo.
    }
    .next = Verifique no registo do agente o que ele envia, e que nada o altere pelo caminho.

glpi-unknown =
    .title = GLPI desconhecido
    .cause = Não se conhece aqui nenhum GLPI com o nome “{ $glpi }”.
    .next = { $hint ->
        [meant] Queria dizer “{ $meant }”?
       *[none] Indique um que se conheça ou registe-o primeiro.
    }

queued-message-unknown =
    .title = Mensagem desconhecida
    .cause = Nenhuma mensagem com o número “{ $message }” espera pelo GLPI.
    .next = Compare com a fila: pode ter sido entregue entretanto.

## Instâncias, lugares, mudanças, plugins e períodos de teste

instance-uid-missing =
    .title = GLPI não identificado
    .cause = O pedido não diz qual GLPI pergunta: falta o cabeçalho X-Glpi-Network-Uid.
    .next = Todo o GLPI o envia desde a versão 9.5; verifique se um proxy entre o GLPI e o serviço remove cabeçalhos e volte a abrir o separador «GLPI Network».

instance-uid-invalid =
    .title = Identificador do GLPI mal formado
    .cause = { $fault ->
        [length] O identificador enviado por este GLPI (X-Glpi-Network-Uid) tem { $number } caracteres em vez de 40.
       *[character] O carácter { $number } do identificador enviado por este GLPI (X-Glpi-Network-Uid) não é letra nem algarismo.
    }
    .next = O próprio GLPI cria este identificador e guarda-o na sua base de dados: verifique se foi alterado lá ou pelo caminho.

instance-limit-reached =
    .title = Todos os lugares ocupados
    .cause = { $holder ->
        [none] Todos os lugares desta subscrição ({ $seats }) estão ocupados.
       *[known] Todos os lugares desta subscrição ({ $seats }) estão ocupados, um deles por { $name }.
    }
    .next = { $retry ->
        [none] Peça ao seu fornecedor que liberte um lugar, que declare como tal um sistema de teste, ou mais um lugar.
       *[known] Peça ao seu fornecedor que liberte um lugar, que declare como tal um sistema de teste, ou mais um lugar; a mudança para esta instância poderá começar por si só em { $until }.
    }

staging-limit-reached =
    .title = Demasiados sistemas de teste
    .cause = Já usam esta subscrição tantas instâncias de pré-produção e desenvolvimento quantas ela permite.
    .next = Peça ao seu fornecedor que liberte uma que já não seja necessária.

seat-moved =
    .title = Lugar mudado
    .cause = Em { $date } o lugar desta instância passou para outra que usa a mesma chave.
    .next = Use a chave apenas lá; se esta instância voltar a precisar de um lugar, peça-o ao seu fornecedor.

move-lapsed =
    .title = Mudança terminada
    .cause = { $holder ->
        [none] O prazo para mudar para esta instância terminou em { $date }, e o lugar ficou onde estava porque a instância antiga ainda era usada.
       *[known] O prazo para mudar para esta instância terminou em { $date }, e o lugar ficou com { $name }, que ainda era usada.
    }
    .next = Retire a chave da instância antiga e peça ao seu fornecedor que aprove esta.

move-refused =
    .title = Não permitido pelo fornecedor
    .cause = Em { $date } o seu fornecedor decidiu que esta instância não pode usar a chave.
    .next = Pergunte o motivo ao seu fornecedor.

instance-released =
    .title = Lugar libertado
    .cause = O lugar desta instância foi libertado em { $date }.
    .next = Se esta instância ainda é usada, peça ao seu fornecedor que lhe devolva um lugar.

seat-moving-here =
    .title = Mudança para esta instância
    .cause = { $asked ->
        [yes] Esta instância funciona até { $until } ao lado de { $name }, que tem o lugar e ainda é usada.
       *[no] Esta instância funciona até { $until } ao lado de { $name }, que tem o lugar.
    }
    .next = { $asked ->
        [yes] Depois deixará de funcionar: se está a mudar, peça ao seu fornecedor que a aprove; se é um sistema de teste, peça que o declare como tal.
       *[no] Se a antiga não voltar a perguntar até lá, o lugar passa para aqui por si só; se é um sistema de teste, peça ao seu fornecedor que o declare como tal.
    }

seat-moving-away =
    .title = Outra instância está a chegar
    .cause = Desde { $since } outra instância, { $name }, usa a mesma chave; ambas funcionam até { $until }.
    .next = Como esta ainda é usada, ficará com o lugar; se mudou, retire a chave daqui ou peça ao seu fornecedor que aprove a nova instância.

instance-unknown =
    .title = Instância desconhecida
    .cause = Nenhuma instância tem o identificador, o UID ou o endereço «{ $instance }».
    .next = Verifique na lista de instâncias.

instance-ambiguous =
    .title = Várias instâncias
    .cause = «{ $instance }» designa várias instâncias: várias subscrições conhecem-na.
    .next = Escolha uma pelo seu identificador: { $known }.

nothing-to-decide =
    .title = Nada a decidir
    .cause = A instância está no estado «{ $state }» e não espera nenhuma decisão.
    .next = Consulte a instância; para lhe retirar o lugar, liberte-a.

nothing-to-release =
    .title = Nada a libertar
    .cause = A instância está no estado «{ $state }» e não tem lugar.
    .next = Não há nada a fazer; procure a instância que tem o lugar.

seats-in-use =
    .title = Lugares em uso
    .cause = { $taken } lugares da subscrição estão ocupados, por isso não pode ter apenas { $seats }.
    .next = Liberte primeiro alguns lugares.

releases-spent =
    .title = Não sem o fornecedor
    .cause = { $most ->
        [0] Esta subscrição não permite libertar um lugar sem o fornecedor.
       *[other] Os lugares desta subscrição podem ser libertados { $most } vezes por ano sem o fornecedor, e isso já foi feito.
    }
    .next = { $again ->
        [none] Peça ao seu fornecedor que liberte o lugar.
       *[known] Peça ao seu fornecedor que liberte o lugar, ou tente de novo em { $until }.
    }

environment-unknown =
    .title = Ambiente desconhecido
    .cause = Nenhum ambiente se chama «{ $given }».
    .next = Escolha um destes: production, staging, development.

number-invalid =
    .title = Número não possível
    .cause = O valor do campo «{ $field }» é menor do que { $least } ou maior do que { $most }.
    .next = Escolha um número de { $least } a { $most }.

url-invalid =
    .title = Endereço não possível
    .cause = { $fault ->
        [empty] O endereço do sítio está vazio.
        [too-long] O endereço do sítio tem mais de { $most } bytes.
        [scheme] O endereço do sítio não começa por https:// nem por http://.
        [credentials] O endereço do sítio contém um nome de utilizador ou uma palavra-passe.
        [host] O endereço do sítio não indica nenhum servidor possível.
        [port] O endereço do sítio não indica nenhuma porta possível.
       *[character] O endereço do sítio contém um espaço, um carácter de controlo ou uma barra invertida.
    }
    .next = { $fault ->
        [credentials] Envie o endereço sem eles, e mude a palavra-passe que foi enviada.
       *[other] Envie o endereço tal como aparece na barra do navegador, por exemplo https://glpi.example.org/glpi.
    }

plugin-not-covered =
    .title = Plugin não incluído
    .cause = A subscrição não inclui o plugin «{ $plugin }».
    .next = { $hint ->
        [none] Não inclui nenhum plugin; peça ao seu fornecedor uma chave que os inclua.
       *[known] Inclui: { $known }; peça ao seu fornecedor uma chave que inclua este.
    }

trial-unavailable =
    .title = Sem período de teste
    .cause = O plugin «{ $plugin }» não pode ser testado sem chave.
    .next = Introduza uma chave; o seu fornecedor emite-as.

trial-running =
    .title = Período de teste
    .cause = O período de teste dura até { $until }.
    .next = Para continuar depois disso, introduza uma chave; o seu fornecedor emite-as.

trial-ended =
    .title = Período de teste terminado
    .cause = O período de teste terminou em { $date }; cada plugin testa-se uma só vez por GLPI.
    .next = Para continuar, introduza uma chave; o seu fornecedor emite-as e também pode prolongar o teste.

trial-unknown =
    .title = Período de teste desconhecido
    .cause = Nenhum período de teste tem o identificador «{ $trial }».
    .next = Verifique o identificador na lista de períodos de teste.

trial-already-subscribed =
    .title = Já é uma subscrição
    .cause = O período de teste já se tornou a subscrição { $subscription }.
    .next = Renove ou prolongue antes essa subscrição.

## O que falhou do nosso lado

store-unavailable =
    .title = Base de dados indisponível
    .cause = De momento, o serviço não consegue aceder à sua base de dados; isto nada diz sobre a chave.
    .next = Tente novamente dentro de alguns minutos; o responsável pelo serviço deve verificar a base de dados e o seu disco.

key-not-in-store =
    .title = Chave em falta na base de dados
    .cause = A chave { $key } é autêntica, mas a base de dados do serviço não a contém; provavelmente foi reposta uma cópia de segurança antiga.
    .next = Guarde a chave e informe o seu fornecedor; o responsável pelo serviço deve repor a cópia de segurança mais recente.

clock-suspect =
    .title = Relógio pouco fiável
    .cause = O relógio do serviço parece estar errado, pelo que, de momento, não se pronuncia sobre nenhuma chave.
    .next = Tente mais tarde; o responsável pelo serviço deve acertar o relógio ou, se estiver certo, confirmá-lo.

secret-unreadable =
    .title = Segredo ilegível
    .cause = Um segredo da base de dados não pode ser aberto com a chave-mestra atual.
    .next = O responsável pelo serviço deve iniciá-lo com a chave-mestra que corresponde a esta base de dados.

overloaded =
    .title = Serviço sobrecarregado
    .cause = O serviço recebe mais pedidos do que consegue atender a tempo; isto nada diz sobre a chave.
    .next = Tente novamente dentro de alguns minutos; se persistir, informe o responsável pelo serviço.

restart-needed =
    .title = É preciso reiniciar
    .cause = O serviço funciona com uma definição que entretanto foi alterada, por isso, para já, não altera nada.
    .next = Tente mais tarde; quem gere o serviço deve reiniciá-lo.

internal-error =
    .title = Erro interno
    .cause = Um erro do próprio serviço impediu a resposta; isto nada diz sobre a chave.
    .next = Tente novamente dentro de alguns minutos; se persistir, informe o responsável pelo serviço, cujo registo contém os pormenores.

## Os pedidos dos programas, e o que têm de errado

token-missing =
    .title = Nenhum token
    .cause = { $gap ->
        [header] O pedido não tem cabeçalho Authorization, ou tem mais do que um.
        [scheme] O cabeçalho Authorization não é composto por “Bearer” e um token.
       *[empty] Não há nenhum token depois de “Bearer”.
    }
    .next = Envie um token no cabeçalho “Authorization: Bearer”; o responsável pelo serviço cria um com “latchkey token create”.

token-not-known =
    .title = Token não reconhecido
    .cause = { $shaped ->
        [yes] Este token não é deste serviço, ou o seu segredo é outro.
       *[no] O texto depois de “Bearer” não é um token deste serviço: um token começa por lkapi_.
    }
    .next = Verifique a que serviço pertence o token; o responsável por este cria um novo com “latchkey token create”.

token-damaged =
    .title = Token incompleto
    .cause = O token não está inteiro: faltam caracteres, ou um foi alterado.
    .next = Copie de novo o token, do primeiro ao último carácter.

token-expired =
    .title = Token expirado
    .cause = O token { $token } terminou em { $since }.
    .next = O responsável pelo serviço cria um novo com “latchkey token create”.

token-revoked =
    .title = Token revogado
    .cause = O token { $token } foi revogado em { $since }.
    .next = O responsável pelo serviço cria um novo com “latchkey token create”.

token-misplaced =
    .title = Token no endereço
    .cause = Um token foi enviado no endereço, que pelo caminho fica escrito em registos e históricos.
    .next = Revogue esse token, e envie um novo no cabeçalho “Authorization: Bearer”.

scope-missing =
    .title = O token não tem permissão
    .cause = Para isto é preciso um token com a permissão { $scope }.
    .next = Use outro token, ou peça um com essa permissão: “latchkey token create --scope { $scope }”.

too-many-requests =
    .title = Demasiados pedidos
    .cause = Este token envia mais de { $most } pedidos por minuto.
    .next = Espere o tempo que o cabeçalho Retry-After indica e continue mais devagar; o responsável pelo serviço pode aumentar token_requests_per_minute.

too-many-failed-keys =
    .title = Demasiadas chaves que não o são
    .cause = Num minuto, vieram deste endereço demasiadas chaves que não estão inteiras ou não são autênticas.
    .next = Verifique a chave com “latchkey key inspect”, e tente mais tarde. As chaves boas recebem sempre a sua resposta.

body-not-json =
    .title = O corpo não é JSON
    .cause = O cabeçalho Content-Type não diz application/json.
    .next = Envie JSON, com o cabeçalho “Content-Type: application/json”.

headers-too-long =
    .title = Os cabeçalhos são demasiado longos
    .cause = Os cabeçalhos têm, em conjunto, mais de { $most } bytes.
    .next = Envie menos cabeçalhos ou mais curtos; talvez um cookie ou token de outro programa tenha sido acrescentado no caminho.

body-too-long =
    .title = O corpo é demasiado longo
    .cause = O corpo tem mais de { $most } bytes, ou foi interrompido.
    .next = Envie menos de cada vez.

body-malformed =
    .title = O corpo não se consegue ler
    .cause = { $fault ->
        [no-object] O corpo é JSON, mas não um objeto.
        [twice] O membro “{ $member }” está duas vezes no corpo.
        [too-deep] Os valores do corpo estão encaixados em mais de { $most } níveis.
       *[syntax] O corpo não é JSON: não se consegue ler a partir da linha { $line }, carácter { $column }.
    }
    .next = Envie um só objeto JSON em UTF-8, cada membro uma vez.

body-invalid =
    .title = O corpo não é como deve ser
    .cause = { $fault ->
        [unknown] Não há nenhum membro “{ $name }”. Existem: { $known }.
        [missing] Falta o membro “{ $name }”.
        [twice] O membro “{ $name }” está duas vezes.
        [not-one-of] “{ $given }” não é um valor do membro “{ $name }”. Existem: { $known }.
        [wants-text] O membro “{ $name }” tem de ser um texto.
        [wants-number] O membro “{ $name }” tem de ser um número inteiro não negativo.
        [wants-list] O membro “{ $name }” tem de ser uma lista.
        [out-of-range] O membro “{ $name }” vai de { $least } a { $most }.
       *[other] O membro “{ $name }” tem um valor de outro tipo.
    }
    .next = Compare o corpo com a descrição da operação em /api/v1/docs.

parameter-invalid =
    .title = Um parâmetro não é como deve ser
    .cause = { $fault ->
        [unknown] Não há nenhum parâmetro “{ $name }”. Existem: { $known }.
        [missing] Falta o parâmetro “{ $name }”.
        [twice] O parâmetro “{ $name }” está duas vezes.
        [not-one-of] “{ $given }” não é um valor do parâmetro “{ $name }”. Existem: { $known }.
        [wants-number] O parâmetro “{ $name }” tem de ser um número inteiro não negativo.
        [out-of-range] O parâmetro “{ $name }” vai de { $least } a { $most }.
        [foreign-cursor] O parâmetro “{ $name }” não foi dado por esta lista.
        [no-instant] O parâmetro “{ $name }” não é nem um instante como 2027-02-28T12:00:00Z nem um dia.
        [no-day] O parâmetro “{ $name }” não é um dia como 2027-02-28.
        [not-taken] Este endereço não aceita parâmetros.
       *[other] O parâmetro “{ $name }” tem um valor de outro tipo.
    }
    .next = Compare o endereço com a descrição da operação em /api/v1/docs.

idempotency-key-invalid =
    .title = Idempotency-Key não válida
    .cause = O cabeçalho Idempotency-Key está mais do que uma vez, ou não tem de 1 a { $most } caracteres ASCII visíveis.
    .next = Dê a cada pedido um nome próprio, como um UUID.

idempotency-key-reused =
    .title = Outro pedido teve este nome
    .cause = Nas últimas 24 horas este token enviou outro pedido com a mesma Idempotency-Key.
    .next = Dê a cada pedido um nome próprio, e repita um pedido exatamente como era.

not-found =
    .title = Não há nada neste endereço
    .cause = “{ $path }” não é um endereço deste serviço.
    .next = Verifique o endereço; o próprio GLPI só precisa do endereço base do serviço, sem caminho.

method-not-allowed =
    .title = Este endereço aceita outro método
    .cause = “{ $path }” não aceita { $method }.
    .next = O GLPI pergunta com GET; o que os programas podem enviar está em /api/v1/docs.

stopping =
    .title = Este servidor está prestes a parar
    .cause = Recebeu ordem para parar, e termina o que está em curso.
    .next = Pergunte a outro, ou tente novamente quando ele voltar.

## Pedidos a outros, e porque ficaram sem resposta

outgoing-url-invalid =
    .title = Endereço que não pode ser consultado
    .cause = { $fault ->
        [scheme] O endereço não começa nem por https:// nem por http://.
        [credentials] O endereço contém um nome de utilizador ou uma palavra-passe, que acabariam em registos.
        [length] O endereço é demasiado longo.
       *[form] O endereço não se consegue ler.
    }
    .next = Indique um como https://glpi.example.org, sem nada antes do anfitrião.

outgoing-address-forbidden =
    .title = Este endereço não é consultado
    .cause = { $allowable ->
        [yes] { $origin } leva a { $address }, que pertence a esta máquina ou a uma rede privada.
       *[no] { $origin } leva a { $address }, que nunca é consultado: em tais endereços são entregues credenciais de máquinas, ou não está lá ninguém.
    }
    .next = { $allowable ->
        [yes] Se puder ser alcançado, o responsável pelo serviço permite-o com a definição outgoing_allow, por exemplo "{ $address }".
       *[no] Indique o endereço do serviço que pretende.
    }

outgoing-name-unknown =
    .title = Nome desconhecido
    .cause = Não se conhece nenhum endereço para o anfitrião de { $origin }.
    .next = Verifique a ortografia, e se o serviço de nomes do servidor conhece o anfitrião.

outgoing-not-connected =
    .title = Sem ligação
    .cause = { $why ->
        [refused] Nada escuta em { $origin }.
        [unreachable] Nenhum caminho leva deste servidor a { $origin }.
       *[other] Não é possível estabelecer ligação a { $origin }.
    }
    .next = Verifique anfitrião e porta, e se o outro serviço funciona e uma firewall deixa passar este servidor.

outgoing-not-trusted =
    .title = Sem confiança
    .cause = { $why ->
        [issuer] Ninguém que este servidor conheça responde pelo certificado de { $origin }.
        [name] O certificado de { $origin } pertence a outro anfitrião.
        [time] O certificado de { $origin } expirou ou ainda não é válido.
       *[no-tls] { $origin } não fala TLS, ou nenhum que este servidor fale.
    }
    .next = { $why ->
        [issuer] Se o certificado for de uma autoridade própria, junte-a aos certificados do sistema, ou indique o seu ficheiro com outgoing_ca_file.
        [name] Use o nome que está no certificado, ou mande renová-lo para este anfitrião.
        [time] Mande renovar o certificado, e verifique o relógio deste servidor.
       *[no-tls] Verifique a porta, e se o endereço deveria começar por http://.
    }

outgoing-timed-out =
    .title = Sem resposta a tempo
    .cause = { $stage ->
        [name] Os endereços do anfitrião de { $origin } não foram encontrados a tempo.
        [connection] { $origin } não aceitou a ligação a tempo.
       *[answer] { $origin } não respondeu a tempo.
    }
    .next = Verifique se o outro serviço funciona e não está sobrecarregado, e se uma firewall deixa passar este servidor.

outgoing-answer-too-long =
    .title = Resposta demasiado longa
    .cause = A resposta de { $origin } tem mais de { $most } bytes.
    .next = Verifique se o endereço é o do serviço que pretende.

outgoing-redirected =
    .title = Enviado para outro lado
    .cause = { $where ->
        [known] { $origin } remete para { $to }, para onde o pedido não segue.
       *[unknown] { $origin } remete para um endereço que não pode ser consultado.
    }
    .next = Indique o endereço final, se confiar nele.

outgoing-broken-off =
    .title = Resposta incompreensível
    .cause = A ligação a { $origin } foi interrompida, ou o que veio por ela não é HTTP.
    .next = Verifique anfitrião e porta, e consulte o registo do outro serviço.

## O mercado: os plugins

archive-refused =
    .title = Arquivo não publicado
    .cause = { $fault ->
        [not-one] Não é tar.gz, nem tar.bz2, nem zip.
        [damaged] O arquivo é interrompido, ou as suas somas de verificação não conferem.
        [empty] O arquivo não contém nenhum ficheiro.
        [too-long] O arquivo excede os { $about } bytes aceites.
        [path] O caminho “{ $about }” é absoluto, sai da pasta ou tem caracteres impróprios de um caminho.
        [link] A ligação “{ $about }” sai da pasta do plugin, ou outro caminho passa por ela.
        [special] “{ $about }” é um dispositivo, um canal ou outra coisa que nenhum plugin contém.
        [twice] O caminho “{ $about }” aparece duas vezes.
        [too-many] O arquivo contém mais de { $about } ficheiros.
        [too-large] Saem do arquivo mais de { $about } bytes.
        [bomb] Sai do arquivo mais de { $about } vezes o que entrou.
        [top] Ao lado da pasta do plugin está “{ $about }” na raiz do arquivo.
        [folder] A pasta “{ $about }” não tem nome de plugin: letras e algarismos, primeiro uma letra.
        [no-setup] A pasta “{ $about }” não tem setup.php.
        [other-plugin] setup.php não tem a função { $about }: a pasta não tem o nome do plugin.
        [no-version] setup.php não indica uma versão legível sem o executar.
        [other-version] setup.php indica a versão { $about }, mas devia ser publicada { $wanted }.
       *[range] setup.php indica versões do GLPI impossíveis: { $about }.
    }
    .next = Nada foi guardado. Empacote o plugin numa só pasta com o seu nome e o seu setup.php, e publique-o.

plugin-sheet-invalid =
    .title = A descrição do plugin tem erros
    .cause = { $mistakes }
    .next = Corrija-a e publique de novo; nada foi guardado.

plugin-sheet-mistake =
    .title = A descrição do plugin tem erros
    .cause = { $fault ->
        [not-xml] Linha { $line }: XML malformado.
        [root] Linha { $line }: o elemento exterior não é “root”.
        [missing] Linha { $line }: falta “{ $about }”.
        [twice] Linha { $line }: “{ $about }” aparece duas vezes.
        [text] Linha { $line }: “{ $about }” está vazio, é demasiado longo ou tem caracteres não aceites.
        [address] Linha { $line }: “{ $about }” não é um endereço que comece por https:// ou http://.
        [other-plugin] Linha { $line }: descreve outro plugin: “{ $about }”.
       *[version-missing] Linha { $line }: a versão { $about } do arquivo não está entre as suas versões.
    }
    .next = Corrija-a e publique de novo; nada foi guardado.

plugin-unknown =
    .title = Plugin desconhecido
    .cause = Nenhum plugin tem a chave “{ $plugin }”.
    .next = { $hint ->
        [meant] Queria dizer “{ $meant }”?
       *[none] Consulte a lista de plugins.
    }

plugin-version-unknown =
    .title = Versão desconhecida
    .cause = O plugin { $plugin } não tem a versão “{ $version }”.
    .next = Consulte as versões do plugin.

plugin-version-exists =
    .title = Versão já publicada
    .cause = A versão { $version } de { $plugin } foi publicada em { $date }; o que foi descarregado uma vez nunca é substituído por outra coisa.
    .next = Dê ao plugin uma versão superior e publique-a.

plugin-version-withdrawn =
    .title = Versão retirada
    .cause = A versão { $version } de { $plugin } foi retirada em { $date }.
    .next = Use outra versão do plugin.

plugin-not-opened =
    .title = Plugin fora da subscrição
    .cause = A subscrição desta chave não inclui o plugin { $plugin }.
    .next = Está incluído em: { $offers }. Peça uma destas ofertas ao seu fornecedor.

channel-unknown =
    .title = Canal desconhecido
    .cause = Não há nenhum canal “{ $given }”.
    .next = Há: stable, pre-release.

storage-unavailable =
    .title = Arquivos fora de alcance
    .cause = O lugar onde se guardam os arquivos não responde, ou está cheio.
    .next = Tente de novo dentro de um minuto; se continuar, avise o fornecedor.

plugin-withdrawn-here =
    .title = Versão retirada
    .cause = A versão { $version } do plugin { $plugin }, que este GLPI descarregou, foi retirada pelo fornecedor.
    .next = Atualize o plugin, ou desative-o até haver outra versão.
