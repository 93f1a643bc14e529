import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The state of a pool of 100 workers that wait for clients, asked over the control socket on one
 * connection, from just before the call is written until the last byte of the reply is there.
 */
class PoolStatus {
    private static final int WORKERS = 100;
    private static final int ROUNDS = 50;

    /** So that what answers is compiled as in a monitor that is asked now and then. */
    private static final int WARM_UP = 10;

    private static final String POOL = PoolBinary.C.pool;

    /** Something that is asked, and returns what was answered. */
    private interface Question {
        String ask() throws IOException;
    }

    public static void main(String[] args) throws Exception {
        double fpm = PhpFpm.installed() ? phpFpm() : 0;
        String keys = PoolMonitor.always(WORKERS);
        try (PoolMonitor monitor =
                PoolMonitor.alone(
                        List.of(PoolMonitor.pool(POOL, PoolBinary.C.command(), keys)))) {
            FcgiRequest.awaitSocket(monitor.socket(POOL));
            PoolMonitor.await(monitor.running(), PoolBinary.C.processName(), WORKERS);
            FcgiRequest.await(monitor.socket(POOL), Path.of("/"), "ok");
            // Until all are seen to wait for clients.
            Thread.sleep(3000);
            try (Varlink control = Varlink.connect(monitor.controlSocket())) {
                report(control, fpm);
            }
        }
    }

    private static void report(Varlink control, double fpm) throws IOException {
        String name = "{\"name\":\"%s\"}".formatted(POOL);
        String last = "\"%s.%d\"".formatted(POOL, WORKERS);
        Table table =
                new Table(
                        "pools-status: the state of a pool of %d workers, ms (median of %d)"
                                .formatted(WORKERS, ROUNDS),
                        List.of(PhpFpm.column()));
        table.row(
                "Status",
                "%.2f",
                median(last, () -> control.call("Status", name)),
                "",
                PhpFpm.installed() ? Map.of(PhpFpm.TITLE, fpm) : Map.of());
        table.row(
                "Explain",
                "%.2f",
                median(last, () -> control.call("Explain", name)),
                "",
                Map.of());
        table.row(
                "Pools", "%.2f", median(last, () -> control.call("Pools", "{}")), "", Map.of());
        table.print();
    }

    /** Its status page with all processes, as JSON, which one of them answers. */
    private static double phpFpm() throws Exception {
        Path folder = Bench.newFolder("s");
        String pool =
                PhpFpm.pool(
                        folder,
                        "fpm",
                        "pm = static",
                        "pm.max_children = " + WORKERS,
                        "pm.status_path = /status");
        try (Running fpm = PhpFpm.start(folder, List.of(pool))) {
            Path socket = folder.resolve("fpm.sock");
            Path page = Path.of("/status");
            FcgiRequest.awaitSocket(socket);
            PoolMonitor.await(fpm, PhpFpm.processName(), WORKERS);
            FcgiRequest.await(socket, page, "total processes");
            return median("\"processes\":", () -> FcgiRequest.ask(socket, page, "full&json"));
        }
    }

    /** Milliseconds. */
    private static double median(String wanted, Question question) throws IOException {
        List<Double> millis = new ArrayList<>();
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            long begin = System.nanoTime();
            String answer = question.ask();
            double taken = (System.nanoTime() - begin) / 1e6;
            if (!answer.contains(wanted)) {
                throw new IllegalStateException("not in the answer: " + wanted + ": " + answer);
            }
            if (round >= 0) {
                millis.add(taken);
            }
        }
        return Bench.median(millis);
    }
}
