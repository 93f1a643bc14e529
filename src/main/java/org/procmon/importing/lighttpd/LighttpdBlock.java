package org.procmon.importing.lighttpd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The text of {@code fastcgi.server} that replaces one with {@code bin-path}. */
final class LighttpdBlock {
    private final List<String> lines = new ArrayList<>();
    private String extension = "";

    /**
     * Starts the text.
     *
     * @param adds whether it is added to an earlier one
     */
    LighttpdBlock(boolean adds) {
        lines.add("fastcgi.server " + (adds ? "+=" : "=") + " (");
    }

    /** Adds a host that stays as it is. */
    void add(LighttpdHost host) {
        Map<String, LighttpdValue> options = new LinkedHashMap<>();
        host.options().forEach((key, item) -> options.put(key, item.value()));
        add(host, options);
    }

    /**
     * Adds a host that procmon starts.
     *
     * @param address where it listens
     */
    void add(LighttpdHost host, Map<String, LighttpdValue> address) {
        Map<String, LighttpdValue> options = new LinkedHashMap<>(address);
        host.options()
                .forEach((key, item) -> {
                    if (!host.isStarted() || !LighttpdSpawn.OF_SPAWNING.contains(key)) {
                        options.put(key, item.value());
                    }
                });
        if (!extension.equals(host.extension()) || lines.size() == 1) {
            endExtension();
            extension = host.extension();
            lines.add("  " + text(new LighttpdValue.Text(extension)) + " => (");
        }
        List<String> parts = new ArrayList<>();
        options.forEach((key, value) ->
                parts.add(text(new LighttpdValue.Text(key)) + " => " + text(value)));
        lines.add("    ( " + String.join(", ", parts) + " ),");
    }

    private void endExtension() {
        if (lines.size() > 1) {
            lines.add("  ),");
        }
    }

    /** All its lines. */
    List<String> lines() {
        List<String> all = new ArrayList<>(lines);
        if (all.size() > 1) {
            all.add("  ),");
        }
        all.add(")");
        return all;
    }

    private static String text(LighttpdValue value) {
        return switch (value) {
            case LighttpdValue.Text text -> '"' + text.value().replace("\"", "\\\"") + '"';
            case LighttpdValue.Whole number -> Integer.toString(number.value());
            case LighttpdValue.Unset unset -> unset.name();
            case LighttpdValue.Items items -> {
                List<String> parts = new ArrayList<>();
                for (LighttpdValue.Item item : items.items()) {
                    String key =
                            item.key().isEmpty()
                                    ? ""
                                    : text(new LighttpdValue.Text(item.key())) + " => ";
                    parts.add(key + text(item.value()));
                }
                yield "( " + String.join(", ", parts) + " )";
            }
        };
    }
}
