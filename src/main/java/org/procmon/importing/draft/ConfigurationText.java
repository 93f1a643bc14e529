package org.procmon.importing.draft;

import java.util.List;
import java.util.Map;

/** Writes a configuration in a readable layout. */
public final class ConfigurationText {
    private static final int INDENT = 2;

    /** Values up to this length stay on one line. */
    private static final int WIDTH = 90;

    private final StringBuilder out = new StringBuilder(4096);

    private ConfigurationText() {}

    public static String of(ConfigDraft configDraft) {
        ConfigurationText text = new ConfigurationText();
        text.write(configDraft);
        return text.out.toString();
    }

    private void write(ConfigDraft configDraft) {
        for (String comment : configDraft.comments()) {
            comment(0, comment);
        }
        out.append("{\n");
        configDraft
                .top()
                .forEach((key, value) -> {
                    member(1, key, value);
                    out.append(",\n");
                });
        boolean hasPools = !configDraft.pools().isEmpty();
        if (!hasPools || !configDraft.processes().isEmpty()) {
            entries("processes", configDraft.processes());
            out.append(hasPools ? ",\n" : "");
        }
        if (hasPools) {
            entries("pools", configDraft.pools());
        }
        out.append("\n}\n");
    }

    private void entries(String key, List<ProcessDraft> drafts) {
        indent(1);
        string(key);
        out.append(": [");
        String separator = "\n";
        for (ProcessDraft processDraft : drafts) {
            out.append(separator);
            process(processDraft);
            separator = ",\n";
        }
        out.append("\n  ]");
    }

    private void process(ProcessDraft processDraft) {
        indent(2);
        out.append("{\n");
        if (!processDraft.comment().isEmpty()) {
            comment(3, processDraft.comment());
        }
        members(3, processDraft.keys());
        indent(2);
        out.append('}');
    }

    private void comment(int depth, String comment) {
        indent(depth);
        out.append("// ");
        // A newline would end the comment, too.
        comment.codePoints()
                .forEach(c -> out.appendCodePoint(PrintableText.isVisible(c) ? c : ' '));
        out.append('\n');
    }

    private void members(int depth, Map<?, ?> members) {
        String separator = "";
        for (Map.Entry<?, ?> entry : members.entrySet()) {
            out.append(separator);
            member(depth, String.valueOf(entry.getKey()), entry.getValue());
            separator = ",\n";
        }
        out.append('\n');
    }

    private void member(int depth, String key, Object value) {
        indent(depth);
        string(key);
        out.append(": ");
        int start = out.length();
        oneLine(value);
        if (out.length() - start > WIDTH && value instanceof Map<?, ?> map) {
            out.setLength(start);
            out.append("{\n");
            members(depth + 1, map);
            indent(depth);
            out.append('}');
        }
    }

    private void oneLine(Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                out.append('{');
                String separator = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator);
                    string(String.valueOf(entry.getKey()));
                    out.append(": ");
                    oneLine(entry.getValue());
                    separator = ", ";
                }
                out.append('}');
            }
            case List<?> list -> {
                out.append('[');
                String separator = "";
                for (Object item : list) {
                    out.append(separator);
                    oneLine(item);
                    separator = ", ";
                }
                out.append(']');
            }
            case String text -> string(text);
            default -> out.append(value);
        }
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (Character.isISOControl(c)) {
                out.append("\\u00");
                out.append(Character.forDigit(c >> 4, 16));
                out.append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private void indent(int depth) {
        out.repeat(' ', depth * INDENT);
    }
}
