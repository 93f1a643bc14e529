#!/bin/sh
# Starts procmon on its own Java runtime.

# For pid 1 the kernel drops signals that nobody handles. Nothing has been started that would have to end in order, and
# what these two have read anew is read later anyway.
init=
if [ $$ -eq 1 ]; then
    trap 'exit 143' INT QUIT TERM
    trap : HUP USR1
    init=-Dprocmon.init=yes
fi

# The JVM would take the number of a closed standard stream for a file of its own.
[ -e /proc/self/fd/0 ] || exec </dev/null
[ -e /proc/self/fd/1 ] || exec >/dev/null
[ -e /proc/self/fd/2 ] || exec 2>/dev/null

# The JVM cannot start in a folder that was removed. Some shells have complained of it themselves by now.
if ! [ "$PWD" -ef . ] && ! [ "$(pwd -P 2>/dev/null)" ]; then
    echo 'procmon: the current folder was removed, so relative paths begin at /' >&2
    cd /
fi

program=$0
# Some shells find their script in PATH.
[ -e "$program" ] || program=$(command -v "$program")
[ ! -L "$program" ] || program=$(command -p readlink -f "$program")
case $program in
    */*) home=${program%/*}/.. ;;
    *) home=.. ;;
esac

# The monitor, the commands, and those that read files, watch the kernel or know the terminal load different classes, so each kind has a
# cache and options of its own.
role=command
reads=
skip=
for word; do
    if [ "$skip" ]; then
        skip=
        continue
    fi
    case $word in
        -f* | -F* | -v[fF]* | run | up | serve) role=monitor reads=yes ;;
        check | import | exec | run-once) role=files reads=yes ;;
        events | tail | logs | list | status) role=files ;;
        explain | start | stop | restart | delete | shutdown | help | graph | tree) [ ! -t 1 ] || role=files ;;
        --state-dir | --timeout | --log-format)
            skip=yes
            continue
            ;;
        -*) continue ;;
    esac
    break
done

# A shell passes on only variables that it could use itself, and some that it sets. So it keeps a record of those that
# it was given, for what reads a configuration or starts processes. One string may have up to 128 KiB.
recorded=
if [ "$reads" ] && record=$(command -p base64 -w 0 <"/proc/$$/environ" 2>/dev/null) && [ ${#record} -lt 120000 ]; then
    recorded=yes
    PROCMON_ENVIRON=$record
    export PROCMON_ENVIRON
else
    unset PROCMON_ENVIRON
fi

# Java reads paths by the locale, and here they are UTF-8 whatever that is. What these have in store for a JVM is meant
# for another one; PROCMON_JAVA_OPTIONS is for this one.
before=${LC_ALL+"-Dprocmon.lc_all=$LC_ALL"}
if [ "$recorded" ] || [ $role != monitor ]; then unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS; fi
LC_ALL=C.UTF-8
export LC_ALL

lib=$home/lib
set -- @"$lib/$role.options" -XX:SharedArchiveFile="$lib/$role.jsa" ${PROCMON_JAVA_OPTIONS-} ${before:+"$before"} \
    "-Dprocmon.program=$program" -cp "$lib/procmon.jar:$lib/jackson-core.jar:$lib/slf4j-api.jar:$lib/quartz.jar" \
    org.procmon.app.ProcmonMain "$@"

# A signal that comes while Java starts waits until the monitor takes it; with -Xrs Java leaves them blocked. Asked in a
# subshell, since some shells unblock all signals when they start a program.
blocked=
if [ $role = monitor ] && (exec /usr/bin/env --block-signal=USR1 --version) >/dev/null 2>&1; then
    blocked=yes
    set -- /usr/bin/env --block-signal=HUP,INT,QUIT,TERM,USR1 "$home/runtime/bin/java" -Xrs -XX:+DisableAttachMechanism \
        -Dprocmon.signals=blocked ${init:+"$init"} "$@"
else
    set -- "$home/runtime/bin/java" ${init:+"$init"} "$@"
fi
[ $$ -eq 1 ] || exec "$@"
. "$lib/init.sh"
