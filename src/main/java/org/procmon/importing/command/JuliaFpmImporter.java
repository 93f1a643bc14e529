package org.procmon.importing.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.procmon.importing.draft.ConfigDraft;
import org.procmon.importing.draft.ExecBuilder;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.PrintableText;
import org.procmon.importing.draft.ProcessDraft;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.SourceLocation;
import org.procmon.importing.pools.ListenText;
import org.procmon.importing.pools.PoolList;

/**
 * Turns the arguments of a process manager for Julia into a pool: a number of workers that share
 * one TCP address.
 */
public final class JuliaFpmImporter {
    private static final String NAME = "julia-fpm";
    private static final String HOST = "127.0.0.1";
    private static final String PORT = "4545";
    private static final String WITH_VALUE = "lbsw";
    private static final int MOST = 999_999_999;
    private static final int MOST_WORKERS = 1000;

    private final SourceLocation spot;
    private final ImportContext importContext;
    private final Map<String, String> options = new LinkedHashMap<>();
    private final List<String> arguments = new ArrayList<>();

    private JuliaFpmImporter(SourceLocation spot, ImportContext importContext) {
        this.spot = spot;
        this.importContext = importContext;
    }

    /**
     * Reads the arguments: {@code -l} ADDRESS, {@code -b} BACKLOG, {@code -w} WORKERS, {@code -s}
     * SCRIPT, {@code -v}, and what the script gets.
     *
     * @param operands all arguments as one text, or one by one
     */
    public static ConfigDraft read(List<String> operands, ImportContext importContext)
            throws ImportAborted {
        SourceLocation spot = CommandWords.spot(NAME);
        JuliaFpmImporter importer = new JuliaFpmImporter(spot, importContext);
        importer.parse(CommandWords.of(spot, operands, importContext));
        PoolList pools = new PoolList(importContext);
        pools.add(spot, importer.draft());
        return ConfigDraft.ofPools(List.of(), pools.checked());
    }

    private void parse(List<String> words) throws ImportAborted {
        int at = !words.isEmpty() && words.getFirst().endsWith(NAME) ? 1 : 0;
        while (at < words.size()) {
            String word = words.get(at++);
            if (word.equals("--")) {
                arguments.addAll(words.subList(at, words.size()));
                return;
            }
            if (word.length() < 2 || word.charAt(0) != '-') {
                arguments.add(word);
                continue;
            }
            char option = word.charAt(1);
            if (WITH_VALUE.indexOf(option) >= 0) {
                boolean attached = word.length() > 2;
                if (!attached && at == words.size()) {
                    throw ImportAborted.at(spot, "the option -" + option + " has no value");
                }
                options.put("-" + option, attached ? word.substring(2) : words.get(at++));
            } else if (word.equals("-v")) {
                options.put(word, "");
            } else if (word.equals("-h")) {
                throw ImportAborted.at(spot, "with -h nothing is started");
            } else {
                throw ImportAborted.at(
                        spot, "there is no option " + PrintableText.quoted(word, 20));
            }
        }
    }

    private Setting option(String name, String otherwise) {
        return new Setting(spot, "", name, options.getOrDefault(name, otherwise));
    }

    private ProcessDraft draft() throws ImportAborted {
        List<String> words = new ArrayList<>(List.of("julia"));
        if (options.containsKey("-s")) {
            words.add(option("-s", "").value());
        }
        words.addAll(arguments);
        if (words.size() == 1 || words.get(1).isEmpty()) {
            throw ImportAborted.at(spot, "there is no script of the workers: -s SCRIPT");
        }
        String script = words.get(1);
        String name = script.substring(script.lastIndexOf('/') + 1);
        String id =
                importContext
                        .ids()
                        .ofPool(
                                name.endsWith(".jl") ? name.substring(0, name.length() - 3) : name,
                                option("-s", script));
        ProcessDraft draft = ProcessDraft.of("", id, ExecBuilder.exec(words));
        draft.put("listen", listen());
        if (options.containsKey("-b")) {
            int length = SettingValues.whole(option("-b", ""), 1, MOST);
            draft.put("backlog", ListenText.backlog(length));
        }
        draft.put("mode", "static");
        draft.put("workers", SettingValues.whole(option("-w", "1"), 1, MOST_WORKERS));
        if (!script.startsWith("/")) {
            draft.put("cwd", spot.folder().toString());
        }
        if (options.containsKey("-v")) {
            importContext.notes().none(option("-v", ""), "'procmon run -v' logs more");
        }
        importContext
                .notes()
                .add(
                        option("-s", script),
                        "the worker must accept clients on descriptor 0, where it finds the socket;"
                                + " the monitor has opened it");
        return draft;
    }

    /** The address: {@code HOST:PORT}, or a part of it. */
    private String listen() throws ImportAborted {
        Setting address = option("-l", "");
        String text = address.value();
        if (SettingValues.isDigits(text)) {
            return ListenText.tcp(address, HOST, text);
        }
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        String port = colon < 0 ? "" : text.substring(colon + 1);
        // ":4545" names all addresses; nothing at all names the usual one.
        String shown = text.isEmpty() ? HOST : host;
        return ListenText.tcp(address, shown, port.isEmpty() ? PORT : port);
    }
}
