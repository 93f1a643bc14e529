#!/bin/sh
# Starts fcgi_proc on its own Java runtime.

# For pid 1 the kernel drops signals that nobody handles. There is nothing to stop yet.
if [ $$ -eq 1 ]; then
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 131' QUIT
    trap 'exit 143' TERM
    trap 'exit 138' USR1
fi

# The JVM would take the number of a closed standard stream for a file of its own.
[ -e /proc/self/fd/0 ] || exec </dev/null
[ -e /proc/self/fd/1 ] || exec >/dev/null
[ -e /proc/self/fd/2 ] || exec 2>/dev/null

# The JVM cannot start in a folder that was removed.
[ "$PWD" -ef . ] || [ "$(pwd -P 2>/dev/null)" ] || cd /

program=$0
[ ! -L "$program" ] || program=$(command -p readlink -f "$program")
case $program in
    */*) home=${program%/*}/.. ;;
    *) home=.. ;;
esac

# Java reads paths by the locale, and here they are UTF-8 whatever that is. What these have in store for a JVM is meant
# for another one.
LC_ALL=C.UTF-8
export LC_ALL
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS

lib=$home/lib
set -- @"$lib/fcgi_proc.options" -XX:SharedArchiveFile="$lib/fcgi_proc.jsa" \
    -cp "$lib/procmon.jar:$lib/jackson-core.jar:$lib/slf4j-api.jar:$lib/slf4j-simple.jar" \
    org.procmon.app.FcgiProcMain "$@"

# A signal that comes while Java starts waits until it is taken; with -Xrs Java leaves them blocked. Only for pid 1 some
# would be lost without, and linking the C library takes its time.
if [ $$ -eq 1 ] && (exec /usr/bin/env --block-signal=USR1 --version) >/dev/null 2>&1; then
    exec /usr/bin/env --block-signal=HUP,INT,QUIT,TERM,USR1 "$home/runtime/bin/java" -Xrs -XX:+DisableAttachMechanism \
        -Dprocmon.signals=blocked --enable-native-access=ALL-UNNAMED "$@"
fi
exec "$home/runtime/bin/java" "$@"
