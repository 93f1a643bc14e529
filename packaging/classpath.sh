# Which libraries a program loads. Other scripts read this one.

# class_path NAME LIB: the class path of a program whose libraries are in LIB. Its cache is bound to it.
class_path() {
    names='procmon jackson-core slf4j-api'
    case $1 in
        fcgi_proc) ;;
        http_proc)
            names="$names jackson-annotations jackson-databind jetty-server jetty-http jetty-io jetty-util jetty-http2-server"
            names="$names jetty-http2-common jetty-http2-hpack jetty-alpn-server jetty-alpn-java-server bcrypt bytes"
            ;;
        *) names="$names quartz" ;;
    esac
    path=
    for name in $names; do path=$path:$2/$name.jar; done
    echo "${path#:}"
}
