package org.procmon.system.pool;

import java.util.List;

/**
 * An option of lighttpd's {@code mod_fastcgi}, or several.
 *
 * @param name the name of the virtual host that has it
 * @param configuration of that host; {@code SOCKET} stands for the address of the application, and
 *     {@code DIR} for the folder of the test
 * @param target what is asked for
 * @param expected lines of the answer, among others
 */
record LighttpdOption(String name, String configuration, String target, List<String> expected) {
    /** An application for one prefix or extension. */
    static LighttpdOption of(String name, String key, String keys, String target, String... lines) {
        String server = "fastcgi.server = ( \"%s\" => (( SOCKET, %s )) )".formatted(key, keys);
        return new LighttpdOption(name, server, target, List.of(lines));
    }

    private static LighttpdOption ignored(String name, String keys) {
        return of(
                name,
                "/app",
                "\"check-local\" => \"disable\", " + keys,
                "/app/x?q=1",
                "SCRIPT_NAME=/app",
                "PATH_INFO=/x",
                "QUERY_STRING=q=1");
    }

    /** With what lighttpd's documentation says of each. */
    static List<LighttpdOption> all() {
        return List.of(
                of(
                        "plain",
                        "/app",
                        "\"check-local\" => \"disable\"",
                        "/app/x%20y/z?q=a%20b&c",
                        "HTTP/1.0 200 OK",
                        "FCGI_ROLE=RESPONDER",
                        "DOCUMENT_ROOT=DIR/www",
                        "SCRIPT_NAME=/app",
                        "SCRIPT_FILENAME=DIR/www/app",
                        "PATH_INFO=/x y/z",
                        "PATH_TRANSLATED=DIR/www/x y/z",
                        "QUERY_STRING=q=a%20b&c",
                        "REQUEST_URI=/app/x%20y/z?q=a%20b&c"),
                of(
                        "docroot",
                        "/app",
                        "\"check-local\" => \"disable\", \"docroot\" => \"/srv/far\"",
                        "/app/x",
                        "DOCUMENT_ROOT=/srv/far",
                        "SCRIPT_FILENAME=/srv/far/app",
                        "PATH_INFO=/x",
                        "PATH_TRANSLATED=/srv/far/x"),
                of(
                        "checked",
                        ".app",
                        "\"check-local\" => \"enable\"",
                        "/there.app/info",
                        "SCRIPT_NAME=/there.app",
                        "SCRIPT_FILENAME=DIR/www/there.app",
                        "PATH_INFO=/info"),
                of(
                        "missing",
                        ".app",
                        "\"check-local\" => \"enable\"",
                        "/a.app",
                        "HTTP/1.0 404 Not Found"),
                of(
                        "unchecked",
                        ".app",
                        "\"check-local\" => \"disable\"",
                        "/a.app",
                        "SCRIPT_NAME=/a.app",
                        "SCRIPT_FILENAME=DIR/www/a.app"),
                of(
                        "broken",
                        ".app",
                        "\"broken-scriptfilename\" => \"enable\"",
                        "/there.app/info",
                        "SCRIPT_NAME=/there.app",
                        "SCRIPT_FILENAME=DIR/www/there.app/info",
                        "PATH_INFO=/info"),
                of(
                        "root",
                        "/",
                        "\"check-local\" => \"disable\", \"fix-root-scriptname\" => \"enable\"",
                        "/x/y",
                        "SCRIPT_NAME=",
                        "PATH_INFO=/x/y"),
                of(
                        "unfixed",
                        "/",
                        "\"check-local\" => \"disable\"",
                        "/x/y",
                        "SCRIPT_NAME=/x",
                        "PATH_INFO=/y"),
                of(
                        "stripped",
                        "/app",
                        "\"check-local\" => \"disable\", \"strip-request-uri\" => \"/app/\"",
                        "/app/x?q",
                        "REQUEST_URI=/x?q",
                        "SCRIPT_NAME=/app",
                        "PATH_INFO=/x"),
                new LighttpdOption(
                        "mapped",
                        """
                        fastcgi.map-extensions = ( ".app3" => ".app" )
                        fastcgi.server = ( ".app" => (( SOCKET, "check-local" => "disable" )) )\
                        """,
                        "/a.app3",
                        List.of("SCRIPT_NAME=/a.app3", "SCRIPT_FILENAME=DIR/www/a.app3")),
                of(
                        "sending",
                        "/app",
                        "\"check-local\" => \"disable\", \"x-sendfile\" => \"enable\","
                                + " \"x-sendfile-docroot\" => ( \"DIR/other\", \"DIR/files\" )",
                        "/app?sendfile=DIR/files/one",
                        "HTTP/1.0 200 OK",
                        "the file one"),
                of(
                        "sending-as-before",
                        "/app",
                        "\"check-local\" => \"disable\", \"allow-x-send-file\" => \"enable\"",
                        "/app?oldsend=DIR/files/one",
                        "HTTP/1.0 200 OK",
                        "the file one"),
                of(
                        "sending-ranges",
                        "/app",
                        "\"check-local\" => \"disable\", \"x-sendfile\" => \"enable\","
                                + " \"x-sendfile-docroot\" => ( \"DIR/files\" )",
                        "/app?sendfile2=DIR/files/one",
                        "HTTP/1.0 200 OK",
                        "filethe"),
                of(
                        "refusing",
                        "/app",
                        "\"check-local\" => \"disable\", \"x-sendfile\" => \"enable\","
                                + " \"x-sendfile-docroot\" => ( \"DIR/other\", \"DIR/files\" )",
                        "/app?sendfile=DIR/www/there.app",
                        "HTTP/1.0 403 Forbidden"),
                of(
                        "denying",
                        "/app",
                        "\"check-local\" => \"disable\", \"mode\" => \"authorizer\","
                                + " \"docroot\" => \"DIR/files\"",
                        "/app/one?deny",
                        "HTTP/1.0 403 Forbidden",
                        "FCGI_ROLE=AUTHORIZER",
                        "QUERY_STRING=deny",
                        "REQUEST_URI=/app/one?deny"),
                of(
                        "permitting",
                        "/",
                        "\"check-local\" => \"disable\", \"mode\" => \"authorizer\","
                                + " \"docroot\" => \"DIR/files\"",
                        "/one",
                        "HTTP/1.0 200 OK",
                        "the file one"),
                new LighttpdOption(
                        "both",
                        """
                        fastcgi.server = (
                          "/" => (( SOCKET, "check-local" => "disable", "mode" => "authorizer" )),
                          ".app" => (( SOCKET ))
                        )\
                        """,
                        "/there.app",
                        List.of("HTTP/1.0 200 OK", "FCGI_ROLE=RESPONDER", "AUTH=eve")),
                ignored("fin", "\"tcp-fin-propagate\" => \"enable\""),
                ignored("disable", "\"disable-time\" => 0"),
                ignored("backlog", "\"listen-backlog\" => 17"),
                ignored("signal", "\"kill-signal\" => 10"),
                ignored("max", "\"max-procs\" => 3"),
                ignored("min", "\"min-procs\" => 2"),
                ignored("load", "\"max-load-per-proc\" => 4"));
    }
}
