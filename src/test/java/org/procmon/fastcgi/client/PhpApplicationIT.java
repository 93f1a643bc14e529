package org.procmon.fastcgi.client;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** php-cgi. */
class PhpApplicationIT extends ApplicationContract {
    private ExternalApplication application;
    private String script = "";

    @BeforeEach
    void start() throws IOException {
        script = ExternalApplication.source(folder, "application.php").toString();
        application =
                ExternalApplication.start(
                        folder.resolve("s"),
                        ExternalApplication.tool("php-cgi", "php-cgi"),
                        "-n",
                        "-d",
                        "cgi.force_redirect=0",
                        "-d",
                        "log_errors=1",
                        "-d",
                        "display_errors=0",
                        "-d",
                        "enable_post_data_reading=0");
    }

    @AfterEach
    void stop() throws InterruptedException {
        application.stop();
    }

    @Override
    SocketAddress address() {
        return UnixDomainSocketAddress.of(folder.resolve("s"));
    }

    @Override
    Map<String, String> params(String method, String query) {
        Map<String, String> params = super.params(method, query);
        params.put("SCRIPT_FILENAME", script);
        return params;
    }

    @Override
    String expectedErrors() {
        return "oops";
    }
}
