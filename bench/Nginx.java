import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** nginx with one worker, as whoever runs the benchmarks, in front of pools of FastCGI workers. */
final class Nginx {
    private Nginx() {}

    /**
     * Starts it in a folder. It opens a new connection for each request, as it does by default.
     *
     * @param sockets of the pools, by the first part of the paths that go there
     */
    static Running start(Path folder, int port, Path script, Map<String, Path> sockets)
            throws IOException {
        StringBuilder locations = new StringBuilder();
        sockets.forEach(
                (name, socket) ->
                        locations.append(
                                "location /%s/ { fastcgi_pass unix:%s; }\n"
                                        .formatted(name, socket)));
        String conf =
                """
                user %1$s;
                daemon off;
                pid %2$s/nginx.pid;
                error_log stderr;
                worker_processes 1;
                events { worker_connections 512; }
                http {
                    access_log off;
                    keepalive_requests 1000000000;
                    client_body_temp_path %2$s/body;
                    fastcgi_temp_path %2$s/fastcgi;
                    proxy_temp_path %2$s/proxy;
                    uwsgi_temp_path %2$s/uwsgi;
                    scgi_temp_path %2$s/scgi;
                    fastcgi_param SCRIPT_FILENAME %3$s;
                    fastcgi_param SCRIPT_NAME /ok.php;
                    fastcgi_param REQUEST_METHOD $request_method;
                    fastcgi_param QUERY_STRING $query_string;
                    fastcgi_param REDIRECT_STATUS 200;
                    server {
                        listen 127.0.0.1:%4$d;
                        %5$s
                    }
                }
                """
                        .formatted(
                                System.getProperty("user.name"), folder, script, port, locations);
        Path file = Files.writeString(folder.resolve("nginx.conf"), conf);
        return Running.start(
                folder, "TERM", List.of("nginx", "-e", "stderr", "-c", file.toString()));
    }
}
