package org.procmon.spec;

import java.util.ArrayList;
import java.util.List;

/** Reads {@code exec}: a command line, or an array of words. */
final class ExecReader {
    private static final Exec BAD = new Exec("?", List.of("?"));

    private final Problems problems;

    ExecReader(Problems problems) {
        this.problems = problems;
    }

    Exec read(Section process) {
        Node node = process.required("exec", "process has no 'exec'");
        if (node == null) {
            return BAD;
        }
        if (node instanceof Node.Text text) {
            return fromLine(text);
        }
        if (node instanceof Node.Items items) {
            return fromWords(items);
        }
        problems.wrongKind("'exec'", "a string or an array of strings", node);
        return BAD;
    }

    private Exec fromLine(Node.Text line) {
        if (!Strings.check("exec", line, problems)) {
            return BAD;
        }
        try {
            return checked(line.value(), ShellWords.split(line.value()), line);
        } catch (ShellWords.Unfinished e) {
            problems.addInside(line, e.index(), "'exec' " + e.getMessage());
            return BAD;
        }
    }

    private Exec fromWords(Node.Items items) {
        List<String> words = new ArrayList<>();
        boolean good = items.whole();
        for (Node node : items.values()) {
            if (node instanceof Node.Text text) {
                good &= Strings.check("exec", text, problems);
                words.add(text.value());
            } else {
                problems.wrongKind("each word of 'exec'", "a string", node);
                good = false;
            }
        }
        return good ? checked(ShellWords.join(words), words, items) : BAD;
    }

    private Exec checked(String text, List<String> words, Node node) {
        if (words.isEmpty()) {
            problems.add(node.offset(), "'exec' is empty");
            return BAD;
        }
        if (words.getFirst().isEmpty()) {
            problems.add(node.offset(), "'exec' names no program: its first word is empty");
            return BAD;
        }
        return new Exec(text, words);
    }
}
