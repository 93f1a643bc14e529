# Read by the launchers as pid 1, with the words of the program in "$@": runs that as a child, hands signals on to it, and
# ends as it has ended. For pid 1 the kernel drops every signal that is neither handled nor blocked, so a shell with traps
# that became the program itself would lose what comes meanwhile. A child that is not ready for a signal ends by it.

# SIGINT and SIGQUIT too, as a shell lets background programs ignore these: a terminal sends them to both.
hand() {
    [ "$!" ] || exit 143
    # A child that is still this shell may lose it.
    while [ "/proc/$!/exe" -ef "/proc/$$/exe" ]; do :; done
    kill -s "$1" "$!" 2>/dev/null
}
trap 'hand TERM' INT QUIT TERM
trap 'hand HUP' HUP
trap 'hand USR1' USR1

# What is blocked waits although it is ignored; until then there is nothing to read anew.
(
    [ ! "$blocked" ] || trap '' HUP USR1
    exec "$@"
) <&0 &

# A trap ends a wait early.
while :; do
    wait "$!"
    code=$?
    kill -0 "$!" 2>/dev/null || exit "$code"
done
