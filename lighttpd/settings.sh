# Settings that depend on where procmon lives and who runs it, to be read in the folder of this file:
# fcgi_proc.sh uses them as they are, and the configuration files take what lighttpd_settings prints
# (include_shell runs its command in the folder of the file that it stands in).
#
#   PORT              the port of the web server, on 127.0.0.1 (8080)
#   PROCMON_HOME      the folder with bin/fcgi_proc (target/procmon beside this folder, or the one
#                     that holds this folder, where procmon is installed)
#   PROCMON_STATE_DIR where the monitor's socket is; fcgi_proc gets it from the environment
#   PROCMON_WEB_DIR   the folder of the FastCGI sockets, made if it is missing (/run/procmon-web for
#                     root, else procmon-web in $XDG_RUNTIME_DIR, else /tmp/procmon-web-UID)
#   PROCMON_WEB_USER  for root only: whom lighttpd and fcgi_proc run as, such as www-data

set -eu
here=$(pwd -P)
above=$(dirname "$here")
me=$(id -un)
user=$me

if [ -n "${PROCMON_HOME:-}" ]; then
    home=$PROCMON_HOME
elif [ -x "$above/target/procmon/bin/fcgi_proc" ]; then
    home=$above/target/procmon
else
    home=$above
fi

if [ "$(id -u)" = 0 ]; then
    user=${PROCMON_WEB_USER:-$me}
    sockets=/run/procmon-web
else
    sockets=${XDG_RUNTIME_DIR:+$XDG_RUNTIME_DIR/procmon-web}
    sockets=${sockets:-/tmp/procmon-web-$(id -u)}
fi
sockets=${PROCMON_WEB_DIR:-$sockets}
group=$(id -gn "$user")

# Made beside its place and moved there whole: lighttpd and fcgi_proc may come here at the same time.
if [ ! -d "$sockets" ]; then
    made=$(mktemp -d "$sockets.XXXXXX")
    [ "$user" = "$me" ] || chown "$user:$group" "$made"
    mv -nT "$made" "$sockets" || true # a newer mv fails if the other one was first
    rmdir "$made" 2>/dev/null || true
fi
# In a folder that belongs to somebody else, somebody else's program could listen.
if [ -h "$sockets" ] || [ "$(stat -c %U "$sockets")" != "$user" ]; then
    echo "procmon: cannot use $sockets for sockets: it is not a folder of the user $user" >&2
    exit 1
fi

# In lighttpd's own syntax.
lighttpd_settings() {
    echo "server.port = ${PORT:-8080}"
    echo "var.here = \"$here\""
    echo "var.home = \"$home\""
    echo "var.sockets = \"$sockets\""
    if [ "$user" != "$me" ]; then
        echo "server.username = \"$user\""
        echo "server.groupname = \"$group\""
    fi
}
