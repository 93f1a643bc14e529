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

    /** The key {@code exec} of an object, which must be there. */
    Exec read(Section object, String complaint) {
        Node node = object.required("exec", complaint);
        return node == null ? BAD : read(node, "exec");
    }

    /** The value of a key. */
    Exec read(Node node, String key) {
        if (node instanceof Node.Text text) {
            return fromLine(key, text);
        }
        if (node instanceof Node.Items items) {
            return fromWords(key, items);
        }
        problems.wrongKind("'" + key + "'", "a string or an array of strings", node);
        return BAD;
    }

    private Exec fromLine(String key, Node.Text line) {
        if (!Strings.check(key, line, problems)) {
            return BAD;
        }
        try {
            return checked(key, line.value(), ShellWords.split(line.value()), line);
        } catch (ShellWords.Unfinished e) {
            problems.addInside(line, e.index(), "'" + key + "' " + e.getMessage());
            return BAD;
        }
    }

    private Exec fromWords(String key, Node.Items items) {
        List<String> words = new ArrayList<>();
        boolean good = items.whole();
        for (Node node : items.values()) {
            if (node instanceof Node.Text text) {
                good &= Strings.check(key, text, problems);
                words.add(text.value());
            } else {
                problems.wrongKind("each word of '" + key + "'", "a string", node);
                good = false;
            }
        }
        return good ? checked(key, ShellWords.join(words), words, items) : BAD;
    }

    private Exec checked(String key, String text, List<String> words, Node node) {
        if (words.isEmpty()) {
            problems.add(node.offset(), "'" + key + "' is empty");
            return BAD;
        }
        if (words.getFirst().isEmpty()) {
            problems.add(node.offset(), "'" + key + "' names no program: its first word is empty");
            return BAD;
        }
        return new Exec(text, words);
    }
}
