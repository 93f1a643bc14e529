package org.procmon.system.pool;

import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A web server that passes the requests of each folder on to a pool. Its worker processes have the
 * group of the sockets and no other right to connect.
 */
enum FrontServer {
    NGINX {
        @Override
        String configuration(Map<String, String> pools) throws IOException {
            StringBuilder text = new StringBuilder();
            text.append(PeerPrograms.areRunByRoot() ? "user www-data;\n" : "");
            text.append(
                    """
                    daemon off; worker_processes 1; pid DIR/nginx.pid; error_log DIR/nginx.err;
                    events { worker_connections 512; }
                    http {
                      access_log off;
                      client_body_temp_path DIR/t1; proxy_temp_path DIR/t2;
                      fastcgi_temp_path DIR/t3; uwsgi_temp_path DIR/t4; scgi_temp_path DIR/t5;
                      server {
                        listen 127.0.0.1:PORT backlog=1000; root DIR/www;
                    """);
            pools.forEach((name, address) ->
                    text.append(
                            """
                                location /%s/ {
                                  include /etc/nginx/fastcgi_params;
                                  fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
                                  fastcgi_pass %s;
                                }
                            """
                                    .formatted(
                                            name, isPath(address) ? "unix:" + address : address)));
            return text.append("  }\n}\n").toString();
        }

        @Override
        String[] command(String file) {
            return new String[] {PeerPrograms.find("nginx", "nginx"), "-e", "stderr", "-c", file};
        }
    },
    LIGHTTPD {
        @Override
        String configuration(Map<String, String> pools) throws IOException {
            StringBuilder text = new StringBuilder();
            text.append(PeerPrograms.areRunByRoot() ? "server.username = \"www-data\"\n" : "");
            text.append(
                    """
                    server.modules = ( "mod_fastcgi" )
                    server.bind = "127.0.0.1"
                    server.port = PORT
                    server.document-root = "DIR/www"
                    """);
            pools.forEach((name, address) -> {
                int colon = address.lastIndexOf(':');
                String where =
                        isPath(address)
                                ? "\"socket\" => \"" + address + "\""
                                : "\"host\" => \"%s\", \"port\" => %s"
                                        .formatted(
                                                address.substring(0, colon),
                                                address.substring(colon + 1));
                text.append(
                        "$HTTP[\"url\"] =^ \"/%s/\" { fastcgi.server = ( \".php\" => (( %s )) ) }\n"
                                .formatted(name, where));
            });
            return text.toString();
        }

        @Override
        String[] command(String file) {
            return new String[] {PeerPrograms.find("lighttpd", "lighttpd"), "-D", "-f", file};
        }
    },
    APACHE {
        @Override
        String configuration(Map<String, String> pools) throws IOException {
            StringBuilder text = new StringBuilder();
            for (String module : new String[] {"mpm_event", "authz_core", "proxy", "proxy_fcgi"}) {
                text.append(
                        "LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n"
                                .formatted(module, module));
            }
            text.append(PeerPrograms.areRunByRoot() ? "User www-data\nGroup www-data\n" : "");
            text.append(
                    """
                    ServerName localhost
                    ProxyFCGIBackendType GENERIC
                    ServerRoot DIR
                    DefaultRuntimeDir DIR
                    Mutex file:DIR
                    PidFile DIR/apache.pid
                    ErrorLog /dev/stderr
                    Listen 127.0.0.1:PORT
                    DocumentRoot DIR/www
                    <Directory DIR/www>
                      Require all granted
                    </Directory>
                    """);
            pools.forEach((name, address) ->
                    text.append(
                            "<Location /%s/>\nSetHandler \"proxy:%s\"\n</Location>\n"
                                    .formatted(
                                            name,
                                            isPath(address)
                                                    ? "unix:" + address + "|fcgi://localhost"
                                                    : "fcgi://" + address)));
            return text.toString();
        }

        @Override
        String[] command(String file) {
            return new String[] {
                PeerPrograms.find("apache2", "apache2"), "-DFOREGROUND", "-f", file
            };
        }
    },
    CADDY {
        @Override
        String configuration(Map<String, String> pools) {
            StringBuilder text = new StringBuilder();
            text.append(
                    """
                    {
                        admin off
                        storage file_system DIR/caddy
                    }
                    http://127.0.0.1:PORT {
                        root * DIR/www
                    """);
            pools.forEach((name, address) ->
                    text.append(
                            """
                                reverse_proxy /%s/* %s {
                                    transport fastcgi {
                                        split .php
                                    }
                                }
                            """
                                    .formatted(
                                            name, isPath(address) ? "unix/" + address : address)));
            return text.append("}\n").toString();
        }

        @Override
        String[] command(String file) throws IOException {
            String program = PeerPrograms.find("caddy", "caddy");
            String[] run = {program, "run", "--adapter", "caddyfile", "--config", file};
            // It cannot give up rights by itself.
            return PeerPrograms.areRunByRoot() ? asUser(run) : run;
        }
    },
    HAPROXY {
        @Override
        String configuration(Map<String, String> pools) throws IOException {
            StringBuilder text = new StringBuilder("global\n    maxconn 500\n");
            text.append(
                    PeerPrograms.areRunByRoot() ? "    user www-data\n    group www-data\n" : "");
            text.append(
                    """
                    defaults
                        mode http
                        timeout connect 60s
                        timeout client 60s
                        timeout server 60s
                    fcgi-app php
                        docroot DIR/www
                        path-info ^(/.+\\.php)(/.*)?$
                        no option keep-conn
                    frontend web
                        bind 127.0.0.1:PORT
                    """);
            pools.keySet()
                    .forEach(name ->
                            text.append(
                                    "    use_backend %s if { path_beg /%s/ }\n"
                                            .formatted(name, name)));
            pools.forEach((name, address) ->
                    text.append(
                            """
                            backend %s
                                use-fcgi-app php
                                server pool %s proto fcgi
                            """
                                    .formatted(
                                            name, isPath(address) ? "unix@" + address : address)));
            return text.toString();
        }

        @Override
        String[] command(String file) {
            return new String[] {PeerPrograms.find("haproxy", "haproxy"), "-db", "-f", file};
        }
    };

    /** Passes what is asked for under each name on to an address: a path, or host and port. */
    abstract String configuration(Map<String, String> pools) throws IOException;

    abstract String[] command(String file) throws IOException;

    private static String[] asUser(String... command) {
        return Stream.concat(
                        Stream.of(
                                "setpriv",
                                "--reuid=www-data",
                                "--regid=www-data",
                                "--clear-groups"),
                        Stream.of(command))
                .toArray(String[]::new);
    }

    private static boolean isPath(String address) {
        return address.startsWith("/");
    }

    /** Starts it, and waits until it listens. */
    void start(PoolStage stage, int port, Map<String, String> pools) throws IOException {
        String folder = stage.file("").toString();
        String text =
                configuration(pools).replace("DIR", folder).replace("PORT", String.valueOf(port));
        String file = stage.write("server.conf", text).toString();
        PeerProcess server = stage.start("server", command(file));
        patiently()
                .until(() -> {
                    server.mustLive();
                    return listens(port);
                });
    }

    static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException _) {
            return false;
        }
    }

    /** The body of an answer, after its status unless that is 200. */
    static String get(HttpClient client, String url) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                client.send(
                        HttpRequest.newBuilder(URI.create(url)).build(),
                        HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() == 200
                ? answer.body()
                : answer.statusCode() + " " + answer.body();
    }
}
