#!/usr/bin/env bash
# First a soak: lets visitors of the showcase's counter join, click, crash, leave and come
# back for some time, and fails when one of them is told something wrong, when
# the server logs an error that is not the crash button's, or when its memory
# grows (bench/internal/traffic/plateau.go says what that means). Then a storm:
# kills the server with as many clients connected, starts it again, and fails
# when they are not all back within half a minute.
#
# In the end scripted visitors do random things on all pages of the showcase,
# real browsers and hostile ones among them. Each page is compared with what the
# server draws of its views and with their data, and every minute nothing may
# have grown (e2e/scripts_test.go).
#
# And three nodes talk over a broker that is restarted over and over, while people
# come and go (cluster/nats/soak_test.go): each message has come or is known to be
# lost, all list the same people, and nothing grows.
#
#   SOAK_PARTS="soak storm drain cluster scripts"
#   SOAK_SCRIPTS=500  scripted visitors at once, for SOAK_TIME
#   SOAK_TABS=3     browsers beside them
#   SOAK_TIME=10m   how long the soak takes
#   SOAK_N=10000    visitors at once; fewer if the limit on open files says so
#   SOAK_RATE=1000  what they do in a second, all together
#
# The server is bench/observed: the showcase's pages, with a second port that
# tells the heap and the goroutines.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${SOAK_TIME:-10m}
limit=$(ulimit -Hn)
[ "$limit" != unlimited ] || limit=1000000
n=${SOAK_N:-10000}
[ "$n" -le $((limit - 200)) ] || n=$((limit - 200))
rate=${SOAK_RATE:-$((n / 10 > 200 ? n / 10 : 200))}

mkdir -p bin/bench
for program in load observed; do
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o "bin/bench/$program" "./bench/$program"
done

# Each on a CPU of its own, where there are two.
server_cpu=() load_cpu=()
if command -v taskset >/dev/null 2>&1 && [ "$(nproc)" -ge 2 ]; then
	server_cpu=(taskset -c 0) load_cpu=(taskset -c 1)
fi

parts=${SOAK_PARTS:-soak storm drain cluster scripts}
log=$(mktemp)
server='' load=''
cleanup() {
	for pid in $load $server; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	rm -f "$log"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

export PORT=${SOAK_PORT:-4170}
export OBSERVE_PORT=$((PORT + 1)) BENNU_LOG=warn BENNU_EVENT_RATE=off BENNU_DEV=0
SECRET_KEY_BASE=$(head -c 72 /dev/urandom | base64 -w0)
export SECRET_KEY_BASE
page=http://127.0.0.1:$PORT/counter

# ended waits for what runs, and fails as that does: where a caller asks for the
# outcome, set -e says nothing of the commands in between.
ended() {
	local outcome=0
	wait "$load" || outcome=$?
	load=''
	return "$outcome"
}

storm() {
	echo "storm: $n clients, whose server is killed and started again"
	"${load_cpu[@]}" bin/bench/load storm -url "$page" -n "$n" -- "${server_cpu[@]}" bin/bench/observed &
	load=$!
	ended
}

drain() {
	echo "drain: $n clients, whose server is asked to stop, and who go on at another"
	PORT=$((PORT + 2)) OBSERVE_PORT=$((PORT + 3)) "${load_cpu[@]}" bin/bench/observed &
	server=$!
	local failed=0
	"${load_cpu[@]}" bin/bench/load drain -url "$page" -to "127.0.0.1:$((PORT + 2))" -n "$n" -- "${server_cpu[@]}" bin/bench/observed &
	load=$!
	wait "$load" || failed=1
	load=''
	kill "$server"
	wait "$server" || failed=1
	server=''
	return "$failed"
}

cluster() {
	echo "cluster: three nodes, whose broker is restarted over and over, $time"
	(cd cluster/nats && SOAK_CLUSTER=$time go test -count=1 -timeout=0 -run='^TestSoak$' -v .) &
	load=$!
	wait "$load"
	load=''
}

scripts() {
	local visitors=${SOAK_SCRIPTS:-500} tabs=${SOAK_TABS:-3}
	echo "scripts: $visitors visitors and $tabs browsers on all pages, $time"
	(cd e2e && SCRIPTS=$visitors SCRIPT_TABS=$tabs SCRIPT_TIME=$time go test -count=1 -timeout=0 -run='^TestScripts$' -v . 2>&1 |
		grep -v -e '^=== ' -e '--- PASS: TestScripts/' -e 'slow handler') &
	load=$!
	ended
}

others() {
	local failed=0
	[[ " $parts " != *" storm "* ]] || storm || failed=1
	[[ " $parts " != *" drain "* ]] || drain || failed=1
	[[ " $parts " != *" cluster "* ]] || cluster || failed=1
	[[ " $parts " != *" scripts "* ]] || scripts || failed=1
	return "$failed"
}

if [[ " $parts " != *" soak "* ]]; then
	others
	exit
fi
"${server_cpu[@]}" bin/bench/observed >"$log" 2>&1 &
server=$!
for _ in $(seq 200); do
	if (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then
		break
	fi
	if ! kill -0 "$server" 2>/dev/null; then
		echo "soak: the server does not start:" >&2
		cat "$log" >&2
		exit 1
	fi
	sleep 0.05
done

echo "soak: $n visitors, $rate actions a second, $time"
status=0
"${load_cpu[@]}" bin/bench/load soak -url "$page" -figures "http://127.0.0.1:$OBSERVE_PORT" \
	-pid "$server" -n "$n" -rate "$rate" -t "$time" &
load=$!
wait "$load" || status=$?
load=''

if ! kill -0 "$server" 2>/dev/null; then
	echo "soak: the server has ended:" >&2
	tail -n 40 "$log" >&2
	exit 1
fi
kill "$server" # which also makes it log what it has only counted so far
wait "$server" || status=$?
server=''
unexpected=$(grep 'level=ERROR' "$log" | grep -vc 'the crash button was pressed' || true)
# Of what comes often the log has a line for many.
count() { { grep "$1" "$log" || true; } | awk '{ n = 1 } match($0, /left_out=[0-9]+/) { n = substr($0, RSTART + 9, RLENGTH - 9) } { sum += n } END { print sum + 0 }'; }
echo "soak: the server logged $(count 'the crash button was pressed') crashes of the button, $unexpected other errors, $(count 'msg="slow handler"') slow handlers"
if [ "$unexpected" -ne 0 ]; then
	grep 'level=ERROR' "$log" | grep -v 'the crash button was pressed' | head -n 5 | cut -c1-2000 >&2
	status=1
fi
others || status=1
exit "$status"
