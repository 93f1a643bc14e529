package org.procmon.system.pool;

import static org.procmon.system.pool.PoolStage.patiently;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A web server whose rules are those of a file that is shipped, with other paths in it. */
enum ShippedRule {
    NGINX(FrontServer.NGINX) {
        @Override
        String around() {
            return """
            daemon off; worker_processes 1; pid DIR/nginx.pid; error_log DIR/nginx.err;
            events { worker_connections 512; }
            http {
              access_log off;
              client_body_temp_path DIR/t1; proxy_temp_path DIR/t2;
              fastcgi_temp_path DIR/t3; uwsgi_temp_path DIR/t4; scgi_temp_path DIR/t5;
              server {
                listen 127.0.0.1:PORT; root DIR/root;
                RULE
              }
            }
            """;
        }

        @Override
        String asUser() {
            return "user www-data;\n";
        }
    },
    LIGHTTPD(FrontServer.LIGHTTPD) {
        @Override
        String around() {
            return """
            server.modules = ( "mod_fastcgi" )
            server.bind = "127.0.0.1"
            server.port = PORT
            server.document-root = "DIR/root"
            RULE
            """;
        }

        @Override
        String asUser() {
            return "server.username = \"www-data\"\n";
        }
    },
    APACHE(FrontServer.APACHE) {
        @Override
        String around() {
            StringBuilder text = new StringBuilder();
            for (String module :
                    List.of("mpm_event", "authz_core", "proxy", "proxy_fcgi", "rewrite")) {
                text.append(
                        "LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n"
                                .formatted(module, module));
            }
            return text
                    + """
                    ServerName localhost
                    ServerRoot DIR
                    DefaultRuntimeDir DIR
                    Mutex file:DIR
                    PidFile DIR/apache.pid
                    ErrorLog /dev/stderr
                    Listen 127.0.0.1:PORT
                    DocumentRoot DIR/root
                    RULE
                    """;
        }

        @Override
        String asUser() {
            return "User www-data\nGroup www-data\n";
        }
    };

    private final FrontServer program;

    ShippedRule(FrontServer program) {
        this.program = program;
    }

    /** A configuration with the words DIR, PORT and RULE. */
    abstract String around();

    /** What has it give up the rights of root. */
    abstract String asUser();

    /**
     * Starts it, and waits until it listens.
     *
     * @param shipped the file
     * @param paths those that replace the ones in the file
     */
    PeerProcess start(PoolStage stage, int port, Path shipped, Map<String, Path> paths)
            throws IOException {
        var _ = PeerPrograms.openFolder(Files.createDirectories(stage.file("root")));
        String rule =
                Files.readString(shipped)
                        .replace("include fastcgi_params", "include /etc/nginx/fastcgi_params");
        for (Map.Entry<String, Path> path : paths.entrySet()) {
            rule = rule.replace(path.getKey(), path.getValue().toString());
        }
        String text =
                (PeerPrograms.areRunByRoot() ? asUser() : "")
                        + around().replace("DIR", stage.file("").toString())
                                .replace("PORT", String.valueOf(port))
                                .replace("RULE", rule);
        String file = stage.write("server.conf", text).toString();
        PeerProcess server = stage.start("server", program.command(file));
        patiently()
                .until(() -> {
                    server.mustLive();
                    return FrontServer.listens(port);
                });
        return server;
    }

    /** The answer to a request of a server here. */
    static HttpResponse<String> get(HttpClient client, int port, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return client.send(
                HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
