#!/bin/sh
# Builds, runs, tests, measures and installs procmon. See usage() below, and README.md.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
cd "$here"
target=$here/target
product=$target/procmon

usage() {
    cat <<'END'
usage: ./build.sh [build|run|test|quick|fuzz|chaos|nightly|bench|install]

  build     make the product in target/procmon (the default)
  run       build if something has changed, then supervise lighttpd and fcgi_proc: the monitor in the foreground,
            HTTP on ${PORT:-8080}; procmon's own HTTP front if lighttpd is missing, or with SERVER=front
  test      build, then run every test
  quick TEST
            compile what has changed without static analysis, then run one test: a class, CLASS#METHOD, or a
            pattern such as '*SetTest'. A test of the whole program (*IT) runs on a product of its own, made from
            these classes; SEED=N repeats a random test. For developers
  fuzz [SECONDS]
            run the fuzz tests for SECONDS each (60), and the random histories with a seed of their own
  chaos [SECONDS]
            build, then kill monitors and children at random for SECONDS (60), with a pair, and for a third of
            that with a single monitor; SEED=N repeats the choices of an earlier run, KINDS=all or KINDS=reload,scale
            says what else is done (docs/benchmarks.md)
  nightly [FUZZ_SECONDS [CHAOS_SECONDS]]
            all long runs in turn: fuzz (600), chaos with a pair and with a single monitor (1800 each); ends with
            a summary, and with the exit code of the worst
  bench     build, then measure, side by side with other supervisors, or with another build of procmon by
            --against DIR; ./build.sh bench --help lists the parts
  install   build, then copy the product to ${PREFIX:-/usr/local}
END
}

fail() {
    echo "build.sh: $*" >&2
    exit 1
}

is_root() {
    [ "$(id -u)" -eq 0 ]
}

. packaging/debian.sh
. packaging/built.sh
. packaging/classpath.sh

# step NAME COMMAND...: a part of the build. Says on one line what it is and how long it took; what the program writes
# comes after that. Not for functions: a failure within one would not end it.
step() {
    mkdir -p "$target"
    printf 'build.sh: %s' "$1" >&2
    shift
    begun=$(date +%s)
    code=0
    "$@" >"$target/step.log" 2>&1 || code=$?
    if [ "$code" -eq 0 ]; then verdict=; else verdict='failed after '; fi
    printf ': %s%d s\n' "$verdict" $(($(date +%s) - begun)) >&2
    cat "$target/step.log" >&2
    [ "$code" -eq 0 ] || exit "$code"
}

# need PROGRAM PACKAGE: sees to it that a program is there.
need() {
    PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null || debian_install "$2" || fail "please install: apt-get install $2"
}

# The dictionary of packaging/spelling.sh.
need_dictionary() {
    hunspell -D </dev/null 2>&1 | grep -q '/en_GB$' || debian_install hunspell-en-gb ||
        fail "please install: apt-get install hunspell-en-gb"
}

# The major version of the JDK in a folder, 0 if there is none with javac and jlink.
jdk_version() {
    if [ -x "$1/bin/javac" ] && [ -x "$1/bin/jlink" ] && [ -r "$1/release" ]; then
        sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
    else
        echo 0
    fi
}

find_jdk() {
    for candidate in "${JAVA_HOME:-}" "${JDK_HOME:-}" /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/*; do
        if [ -n "$candidate" ] && [ "$(jdk_version "$candidate")" -ge 25 ]; then
            echo "$candidate"
            return
        fi
    done
    on_path=$(command -v javac || true)
    if [ -n "$on_path" ]; then
        candidate=$(dirname "$(dirname "$(readlink -f "$on_path")")")
        if [ "$(jdk_version "$candidate")" -ge 25 ]; then echo "$candidate"; fi
    fi
}

need_jdk() {
    jdk=$(find_jdk)
    if [ -z "$jdk" ]; then
        is_root && apt-get update -qq >/dev/null 2>&1 || true
        package=$(apt-cache search --names-only '^(openjdk|temurin)-2[5-9]-jdk(-headless)?$' 2>/dev/null |
            cut -d' ' -f1 | sort | tail -1)
        [ -n "$package" ] || fail "cannot find a JDK 25 or newer under /usr/lib/jvm or in JAVA_HOME, and no package offers one; please install one (https://adoptium.net)"
        debian_install "$package" || fail "please install: apt-get install $package"
        jdk=$(find_jdk)
        [ -n "$jdk" ] || fail "cannot find the JDK that $package installed"
    fi
}

need_build_tools() {
    need mvn maven
    need_jdk
}

# Maven runs on the JDK 25 too, so that the formatter knows today's syntax; the options silence Maven 3.8's
# own warnings there, and the escape codes with which it would end even what goes to a file.
maven() {
    JAVA_HOME=$jdk MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Djansi.noreset=true ${MAVEN_OPTS:-}" \
        mvn -B -ntp -Dstyle.color=never "$@"
}

# launcher NAME MAIN: makes the script that starts a program for web servers, in the product $new.
launcher() {
    sed "s|@NAME@|$1|g; s|@MAIN@|$2|g; s|@CLASSPATH@|$(class_path "$1" '$lib')|g" packaging/web_program.sh >"$new/bin/$1"
}

# make_product FOLDER JAR LIBRARIES FINGERPRINT: a runtime, launchers, and their AOT caches. It gets its name, and the
# fingerprint of what it was made of, when it is complete.
make_product() {
    new=$1.new
    rm -rf "$new"
    mkdir -p "$new/bin" "$new/lib"
    export JDK="$jdk"
    step 'linking the runtime' sh packaging/link.sh "$new"
    cp "$2" "$new/lib/procmon.jar"
    for jar in "$3"/*.jar; do
        name=$(basename "$jar")
        cp "$jar" "$new/lib/${name%-[0-9]*}.jar"
    done
    # The caches are bound to these files' times; a copy that keeps the times keeps the caches.
    touch -d 2026-01-01T00:00:00Z "$new"/lib/*.jar
    cp packaging/procmon.sh "$new/bin/procmon"
    launcher fcgi_proc FcgiProcMain
    launcher http_proc HttpProcMain
    chmod +x "$new"/bin/*
    cp packaging/init.sh "$new/lib/"
    step 'training the caches' sh packaging/train.sh "$new"
    echo "$4" >"$new/lib/built"
    rm -rf "$1"
    mv "$new" "$1"
}

# Makes target/procmon from the jars that Maven has made. Others than build and run_tests do not know of which sources.
product() {
    need_jdk
    make_product "$product" "$target"/procmon-*.jar "$target/lib" "${PROCMON_FINGERPRINT:-unknown}"
}

# Those of another version would stay.
remove_jars() {
    rm -rf "$target"/procmon-*.jar "$target/lib"
}

# Taken before anything is compiled: what is changed meanwhile is not in the product.
take_fingerprint() {
    PROCMON_FINGERPRINT=$(fingerprint "$jdk")
    export PROCMON_FINGERPRINT
}

build() {
    need_build_tools
    take_fingerprint
    if is_built "$product" "$PROCMON_FINGERPRINT"; then
        echo 'build.sh: target/procmon is up to date' >&2
        return
    fi
    remove_jars
    step compiling maven -q -Dmaven.test.skip=true package
    product
}

run() {
    sh packaging/port.sh "${PORT:-8080}"
    if [ "${SERVER:-lighttpd}" = lighttpd ] && ! PATH=$PATH:/usr/sbin:/sbin command -v lighttpd >/dev/null &&
        ! debian_install lighttpd; then
        echo 'build.sh: lighttpd is missing, so procmon answers over HTTP itself' >&2
        SERVER=front
    fi
    export SERVER="${SERVER:-lighttpd}"
    need curl curl
    build
    exec sh packaging/run.sh "$product"
}

run_tests() {
    need_build_tools
    need lighttpd lighttpd
    need spawn-fcgi spawn-fcgi
    need curl curl
    need socat socat
    need tmux tmux
    need wget wget
    need python3 python3
    need chromium chromium
    need hunspell hunspell
    need_dictionary
    need php-cgi php-cgi
    need nginx nginx
    need apache2 apache2
    need fcgiwrap fcgiwrap
    need caddy caddy
    need haproxy haproxy
    perl -MFCGI -e 1 2>/dev/null || debian_install libfcgi-perl || fail "please install: apt-get install libfcgi-perl"
    need gcc gcc
    need go golang-go
    [ -f /usr/include/fcgiapp.h ] || debian_install libfcgi-dev libc6-dev || fail "please install: apt-get install libfcgi-dev libc6-dev"
    sh packaging/spelling.sh
    take_fingerprint
    remove_jars
    maven verify
}

# seconds TEXT: fails unless that is a number of seconds.
seconds() {
    case $1 in
        '' | 0 | *[!0-9]*) fail "'$1' is no number of seconds" ;;
    esac
}

# What quick needs of Maven: the class path of the tests, and the libraries of the product.
resolve_quickly() {
    [ "$quick/classpath" -nt pom.xml ] && [ -d "$quick/lib" ] && return
    rm -rf "$quick/lib"
    maven -q dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$quick/lib"
    maven -q dependency:build-classpath "-Dmdep.outputFile=$quick/classpath.new"
    mv "$quick/classpath.new" "$quick/classpath"
}

# Compiles what has changed, by javac alone, in folders apart from Maven's: what static analysis has not seen is never
# taken for a build. See packaging/Recompile.java. ArchUnit knows classes of tests by such a path.
compile_quickly() {
    tool=$quick/recompile
    if ! [ "$tool/Recompile.class" -nt packaging/Recompile.java ] || ! [ "$tool/Recompile.class" -nt packaging/ClassFacts.java ]; then
        rm -rf "$tool" "$quick/record"
        "$jdk/bin/javac" -d "$tool" packaging/Recompile.java packaging/ClassFacts.java
    fi
    "$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$tool" Recompile "$quick/record" "$(cat "$quick/classpath")" \
        src/main/java "$quick/out/main/classes" src/test/java "$quick/out/test/classes"
}

# Makes a product of the quickly compiled classes, unless there is one of the same.
product_quickly() {
    "$jdk/bin/jar" --create --date 2026-01-01T00:00:00Z --file "$quick/procmon.jar" \
        -C "$quick/out/main/classes" . -C src/main/resources .
    made_of=$(cat build.sh packaging/* "$jdk/release" "$quick/procmon.jar" "$quick"/lib/*.jar | sha256sum | cut -d ' ' -f 1)
    is_built "$quick/procmon" "$made_of" || make_product "$quick/procmon" "$quick/procmon.jar" "$quick/lib" "$made_of"
}

# classes_of NAME: the classes of tests with that simple or full name, or that match it as a pattern.
classes_of() {
    case $1 in
        *.*) find src/test/java -path "src/test/java/$(echo "$1" | tr . /).java" ;;
        *) find src/test/java -name "$1.java" ;;
    esac | sed 's|^src/test/java/||; s|\.java$||; s|/|.|g'
}

quick() {
    class=${1%%#*}
    method=${1#"$class"}
    classes=$(classes_of "$class")
    [ -n "$classes" ] || fail "cannot run $class: src/test/java has no such class"
    need_build_tools
    quick=$target/quick
    mkdir -p "$quick"
    resolve_quickly
    compile_quickly
    case $class in *IT) product_quickly ;; esac
    set -- --disable-banner --disable-ansi-colors --fail-if-no-tests --details=tree
    for name in $classes; do set -- "$@" --select-class "$name"; done
    [ -z "$method" ] || set -- "$@" --include-methodname ".*$method"
    exec "$jdk/bin/java" --enable-native-access=ALL-UNNAMED --add-opens java.base/sun.nio.ch=ALL-UNNAMED ${SEED:+"-Dprocmon.seed=$SEED"} "-Dprocmon.product=$quick/procmon" \
        -cp "$quick/out/test/classes:src/test/resources:$quick/out/main/classes:src/main/resources:$(cat "$quick/classpath")" \
        org.junit.platform.console.ConsoleLauncher execute "$@"
}

fuzz() {
    seconds "$1"
    need_build_tools
    maven -q test-compile
    maven '-Dtest=org.procmon.fuzz.*Test,Random*Test' "-Dprocmon.fuzz.seconds=$1" ${SEED:+"-Dprocmon.seed=$SEED"} surefire:test
}

# chaos SECONDS SECONDS_ALONE [TEST]: SEED repeats the choices of an earlier run.
chaos() {
    seconds "$1"
    seconds "$2"
    build
    step 'compiling the tests' maven -q test-compile
    maven "-Dit.test=ChaosIT${3:+#$3}" "-Dprocmon.chaos.seconds=$1" "-Dprocmon.chaos.alone.seconds=$2" \
        ${SEED:+"-Dprocmon.seed=$SEED"} ${KINDS:+"-Dprocmon.chaos.kinds=$KINDS"} failsafe:integration-test failsafe:verify
}

# A third, but never nothing.
third() {
    seconds "$1"
    echo $((($1 + 2) / 3))
}

# long_run NAME TARGET...: runs a target, and notes how it ended.
long_run() {
    name=$1
    shift
    echo "nightly: $name"
    begun=$(date +%s)
    code=0
    "$here/build.sh" "$@" || code=$?
    took=$(($(date +%s) - begun))
    if [ $code -eq 0 ]; then verdict=ok; else verdict="failed with code $code"; fi
    summary="$summary$(printf '%-12s %6d s  %s' "$name" "$took" "$verdict")
"
    if [ $code -gt "$worst" ]; then worst=$code; fi
}

nightly() {
    seconds "$1"
    seconds "$2"
    summary=
    worst=0
    long_run fuzz fuzz "$1"
    long_run chaos chaos-pair "$2"
    long_run chaos-alone chaos-alone "$2"
    printf '\nnightly:\n%s' "$summary"
    exit "$worst"
}

install_product() {
    build
    prefix=${PREFIX:-/usr/local}
    rm -rf "$prefix/lib/procmon"
    mkdir -p "$prefix/lib" "$prefix/bin"
    cp -Rp "$product" "$prefix/lib/procmon"
    cp -Rp lighttpd conf LICENSE "$prefix/lib/procmon/"
    for program in procmon fcgi_proc http_proc; do
        ln -sf "../lib/procmon/bin/$program" "$prefix/bin/$program"
    done
    echo "installed procmon, fcgi_proc and http_proc in $prefix/bin"
}

command=${1:-build}
[ $# -eq 0 ] || shift
case $command in
    build) build ;;
    product) product ;;
    run) run ;;
    test) run_tests ;;
    quick)
        [ $# -eq 1 ] || fail "usage: ./build.sh quick TEST"
        quick "$1"
        ;;
    fuzz) fuzz "${1:-60}" ;;
    chaos) chaos "${1:-60}" "$(third "${1:-60}")" ;;
    chaos-pair) chaos "$1" 1 killsAtAnyTimeLoseNothing ;;
    chaos-alone) chaos 1 "$1" nothingIsLostByAMonitorAloneThatIsKilledAndStartedAgain ;;
    nightly) nightly "${1:-600}" "${2:-1800}" ;;
    bench)
        case ${1:-} in
            chaos | --chaos)
                chaos "${2:-60}" "$(third "${2:-60}")"
                exit
                ;;
        esac
        build
        JAVA_FOR_BENCH=$jdk exec sh bench/run.sh "$product" "$@"
        ;;
    install) install_product ;;
    -h | --help | help) usage ;;
    *) usage >&2; exit 2 ;;
esac
