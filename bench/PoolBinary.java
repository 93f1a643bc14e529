import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The two programs that the pools of these benchmarks execute: a small one, and PHP. */
enum PoolBinary {
    /** fcgi.c, with libfcgi. */
    C("C", "c"),
    /** php-cgi, which has to load an interpreter. */
    PHP("PHP", "php");

    /** As tables call it. */
    final String title;

    /** A name for its pool. */
    final String pool;

    PoolBinary(String title, String pool) {
        this.title = title;
        this.pool = pool;
    }

    String command() {
        return switch (this) {
            case C -> Bench.work().resolve("fcgi").toString();
            case PHP -> "php-cgi";
        };
    }

    /** What the kernel calls it. */
    String processName() {
        return switch (this) {
            case C -> "fcgi";
            case PHP -> "php-cgi";
        };
    }

    /** The script that answers as fcgi.c does, in a folder; fcgi.c itself needs none. */
    static Path script(Path folder) throws IOException {
        return Files.writeString(folder.resolve("ok.php"), "<?php echo \"ok\\n\";\n");
    }

    /** The script that holds each request as fcgi.c does. */
    static Path holdingScript(Path folder, Path starts, Path gate) throws IOException {
        return Files.writeString(
                folder.resolve("hold.php"),
                """
                <?php
                $line = sprintf("worker %%d %%d %%d\\n", getmypid(), hrtime(true), hrtime(true));
                file_put_contents("%s", $line, FILE_APPEND);
                // A signal that asks it to end after this request interrupts this.
                while (!($gate = @fopen("%s", "r"))) {
                }
                fread($gate, 1);
                echo "ok\\n";
                """
                        .formatted(starts, gate));
    }

    /**
     * The loop in C that starts so many workers when a client comes.
     *
     * @param arguments of the program
     */
    Running bare(Path folder, int count, List<String> arguments) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(Bench.work().resolve("bare_pool").toString());
        words.add(bareSocket(folder).toString());
        words.add("" + count);
        words.add(command());
        words.addAll(arguments);
        return Running.start(folder, "TERM", words);
    }

    Path bareSocket(Path folder) {
        return folder.resolve("bare-" + pool + ".sock");
    }

    /** Milliseconds that so many need from before their execution until all wait in accept. */
    double startMillis(int count) throws IOException, InterruptedException {
        Command started =
                Command.run(
                        Bench.newFolder("b"),
                        List.of(
                                Bench.work().resolve("bare_pool").toString(),
                                "-",
                                "" + count,
                                command()));
        return Long.parseLong(started.answer().strip()) / 1e6;
    }
}
