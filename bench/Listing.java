import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * ?list of two processes through lighttpd, and a C responder that repeats one such answer, behind
 * the same lighttpd in the same way: a Unix socket each. The two are asked in turns, by wrk at 16
 * connections.
 */
class Listing {
    private static final int CHILDREN = 2;
    private static final int ROUNDS = Bench.rounds(3);
    private static final int WARM_UP_SECONDS = 5;
    private static final int SECONDS = 8;
    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 16;

    public static void main(String[] args) throws Exception {
        Sleepers sleepers = new Sleepers(CHILDREN);
        Path sockets = Bench.newFolder("l");
        String hello = sockets.resolve("hello.sock").toString();
        String procmon = sockets.resolve("procmon.sock").toString();
        int port = Bench.freePort();
        String site = "http://127.0.0.1:" + port;
        List<String> lighttpd =
                List.of("lighttpd", "-D", "-f", lighttpdConf(sockets, port, hello, procmon));
        try (Supervision monitor = Supervision.start(Peer.PROCMON, sleepers.children());
                Running java =
                        Running.start(
                                monitor.folder(),
                                "TERM",
                                List.of(Bench.fcgiProc(), "--listen", procmon));
                Running web = Running.start(sockets, "TERM", lighttpd)) {
            sleepers.awaitAll(monitor, 0);
            URI helloPage = URI.create(site + "/hello?list");
            URI procmonPage = URI.create(site + "/procs?list");
            Path answer = Files.writeString(sockets.resolve("answer"), await(procmonPage));
            String program = Bench.work().resolve("hello").toString();
            try (Running c =
                    Running.start(sockets, "TERM", List.of(program, hello, answer.toString()))) {
                await(helloPage);
                measure(helloPage, procmonPage);
            }
        }
    }

    private static void measure(URI helloPage, URI procmonPage)
            throws IOException, InterruptedException {
        Wrk.rate(helloPage, CONNECTIONS, WARM_UP_SECONDS);
        Wrk.rate(procmonPage, CONNECTIONS, WARM_UP_SECONDS);
        List<Double> helloRates = new ArrayList<>();
        List<Double> procmonRates = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            helloRates.add(Wrk.rate(helloPage, CONNECTIONS, SECONDS));
            procmonRates.add(Wrk.rate(procmonPage, CONNECTIONS, SECONDS));
        }
        report(Bench.median(procmonRates), Bench.median(helloRates));
    }

    private static void report(double procmon, double hello) {
        String title = "libfcgi in C";
        Table table =
                new Table(
                        "list: ?list of %d processes through lighttpd, wrk at 16 connections (median of %d times %d s); more is better"
                                .formatted(CHILDREN, ROUNDS, SECONDS),
                        List.of(new Table.Column(title, true)));
        double ratio = procmon / hello;
        table.row(
                "requests a second",
                "%.0f",
                procmon,
                Table.target("procmon / C >= 1, is %.2f".formatted(ratio), ratio >= 1),
                Map.of(title, hello));
        table.print();
    }

    private static String lighttpdConf(Path folder, int port, String hello, String procmon)
            throws IOException {
        String backend = "\"%s\" => ((\"socket\" => \"%s\", \"check-local\" => \"disable\"))";
        String conf =
                """
                server.document-root = "%s"
                server.bind = "127.0.0.1"
                server.port = %d
                server.modules = ("mod_fastcgi")
                fastcgi.server = (%s, %s)
                """
                        .formatted(
                                folder,
                                port,
                                backend.formatted("/hello", hello),
                                backend.formatted("/procs", procmon));
        return Files.writeString(folder.resolve("lighttpd.conf"), conf).toString();
    }

    /** The page's text, once it is there. */
    private static String await(URI page) throws InterruptedException {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        String last = "no answer";
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (System.nanoTime() < deadline) {
                try {
                    HttpResponse<String> response =
                            client.send(
                                    HttpRequest.newBuilder(page).build(),
                                    HttpResponse.BodyHandlers.ofString());
                    if (response.statusCode() == 200 && response.body().contains("\"running\"")) {
                        return response.body();
                    }
                    last = response.statusCode() + " " + response.body();
                } catch (IOException notYet) {
                    last = notYet.toString();
                }
                // Longer than lighttpd keeps off a backend that it could not reach.
                Thread.sleep(1500);
            }
        }
        throw new IllegalStateException("%s does not answer: %s".formatted(page, last));
    }
}
