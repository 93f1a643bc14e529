# Installs Debian packages, without letting them start services: what is to run here, procmon runs.
# To be read by other scripts. debian_install PACKAGE... returns a failure if they cannot be had.
debian_install() {
    [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null || return 1
    echo "installing $*" >&2
    policy=/usr/sbin/policy-rc.d
    made_policy=
    if [ ! -e "$policy" ]; then
        made_policy=yes
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
    fi
    apt-get update -qq >/dev/null 2>&1 || true
    status=0
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 || status=$?
    if [ -n "$made_policy" ]; then rm -f "$policy"; fi
    return "$status"
}
