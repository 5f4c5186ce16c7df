# Keeps one throw-away PostgreSQL cluster for the process that holds the other end of our standard input. Every command
# comes through that pipe and is answered with one line, so that nothing is under way when the pipe closes. The kernel
# closes it however that process ends: then the cluster is stopped and its directory removed.
#
# $1: the directory of PostgreSQL's programs; $2: the cluster's own directory; $3: its port.
programs=$1 home=${2:?} port=$3

# What stops the tests must not stop us first; writing an answer that nobody reads must not either.
trap '' HUP INT TERM PIPE

# fsync stays on: tests that pull the plug rely on it. What is small or off costs no durability.
settings="-p $port -k $home -c listen_addresses=127.0.0.1 -c fsync=on -c max_connections=200 -c shared_buffers=16MB \
-c jit=off"

while read -r verb; do
    case $verb in
    init)
        "$programs/initdb" --pgdata="$home/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync
        ;;
    start) "$programs/pg_ctl" start -w -t 60 -D "$home/data" -l "$home/server.log" -o "$settings" ;;
    stop) "$programs/pg_ctl" stop -w -t 60 -D "$home/data" -m fast ;;
    crash) "$programs/pg_ctl" stop -w -t 60 -D "$home/data" -m immediate ;;
    *) false ;;
    esac </dev/null >>"$home/keeper.log" 2>&1 && echo done || echo failed
done

cd /
if [ -f "$home/data/postmaster.pid" ]; then
    "$programs/pg_ctl" stop -w -t 60 -D "$home/data" -m immediate </dev/null >/dev/null 2>&1
fi
rm -rf "$home"
