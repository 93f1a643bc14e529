#!/bin/sh
# port.sh PORT: fails if a program listens on that TCP port, and says which.
set -eu

port=$1
case $port in
    '' | 0* | *[!0-9]* | ??????*) number=0 ;;
    *) number=$port ;;
esac
if [ "$number" -lt 1 ] || [ "$number" -gt 65535 ]; then
    echo "build.sh: '$port' is no port; choose one: PORT=8080 ./build.sh run" >&2
    exit 1
fi

# Source: proc_net_tcp in the kernel's documentation. State 0A is that of a socket that listens.
inode=$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port="$(printf ':%04X' "$port")" '
    $4 == "0A" && substr($2, length($2) - 4) == port { print $10; exit }')
[ "$inode" ] || exit 0

holder=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" 2>/dev/null | cut -d/ -f3 | sort -n | head -n 1)
if [ "$holder" ]; then
    command=$(tr '\0' ' ' <"/proc/$holder/cmdline" | tr -cd '[:print:]' | cut -c 1-80)
    user="pid $holder (${command% })"
else
    user='a program of another user'
fi
echo "build.sh: cannot use port $port: $user listens on it; end that, or choose another port: PORT=$((port + 1)) ./build.sh run" >&2
exit 1
