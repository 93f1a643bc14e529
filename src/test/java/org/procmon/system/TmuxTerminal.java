package org.procmon.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A terminal of a given size, made by tmux on a socket of its own, with a shell in it. */
final class TmuxTerminal implements AutoCloseable {
    private final Path folder;

    /**
     * @param folder for the test alone
     * @param variables of the shell, as {@code NAME=VALUE}
     */
    static TmuxTerminal open(Path folder, int columns, int rows, String... variables)
            throws IOException {
        TmuxTerminal terminal = new TmuxTerminal(folder);
        // The command of the session is run by a shell.
        String shell =
                "exec env -u COLUMNS -u LINES PS1='$ ' " + String.join(" ", variables) + " sh";
        terminal.tmux(
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-x",
                String.valueOf(columns),
                "-y",
                String.valueOf(rows),
                shell);
        return terminal;
    }

    private TmuxTerminal(Path folder) {
        this.folder = folder;
    }

    /** Types a line. */
    void type(String line) throws IOException {
        tmux("send-keys", "-l", line);
        keys("Enter");
    }

    /** Presses keys, such as {@code C-c}. */
    void keys(String key) throws IOException {
        tmux("send-keys", key);
    }

    void resize(int columns, int rows) throws IOException {
        tmux("resize-window", "-x", String.valueOf(columns), "-y", String.valueOf(rows));
    }

    /** What is on the screen, without blanks at the ends of lines. */
    String screen() throws IOException {
        return tmux("capture-pane", "-p");
    }

    /** The same, with colours. */
    String coloured() throws IOException {
        return tmux("capture-pane", "-p", "-e");
    }

    @Override
    public void close() throws IOException {
        tmux("kill-server");
    }

    private String tmux(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("tmux", "-u", "-S", folder + "/tmux"));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "tmux", ".out");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile());
        builder.environment().keySet().removeAll(List.of("TMUX", "COLUMNS", "LINES"));
        builder.environment().put("LC_ALL", "C.UTF-8");
        try {
            int code = builder.start().waitFor();
            String text = Files.readString(out, StandardCharsets.UTF_8);
            if (code != 0) {
                throw new IOException(command + " ended with " + code + ": " + text);
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.delete(out);
        }
    }
}
