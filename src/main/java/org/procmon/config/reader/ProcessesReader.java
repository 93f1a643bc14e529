package org.procmon.config.reader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.bytes.BytePath;
import org.procmon.config.Document;

/** Reads the processes and pools of all files of a configuration. */
final class ProcessesReader {
    private static final String NOTHING = "nothing to supervise: ";
    private static final String FOLLOW = "follow";
    private static final String PROCESSES = "processes";
    private static final String POOLS = "pools";
    private static final String WILDCARDS = "*?[{";

    private final Sources sources;
    private final DocumentReader reader;
    private final Folders folders;
    private final IncludeResolver includeResolver;
    private final Map<String, String> environment;
    private final Problems problems;
    private final List<ProcessEntry> entries = new ArrayList<>();
    private final List<PoolEntry> pools = new ArrayList<>();
    private final List<Document> included = new ArrayList<>();
    private final Set<String> paths = new HashSet<>();

    /** Whether no file breaks off, so that absent names are really missing. */
    private boolean whole = true;

    ProcessesReader(
            Sources sources,
            IncludeResolver includeResolver,
            Map<String, String> environment,
            Problems problems,
            Folders folders) {
        this.sources = sources;
        this.reader = new DocumentReader(sources, problems);
        this.includeResolver = includeResolver;
        this.environment = environment;
        this.problems = problems;
        this.folders = folders;
    }

    /** The files that were included, in order. */
    List<Document> included() {
        return included;
    }

    /** Reads the configuration's own file, and those that it includes. */
    void read(JsonValue.Members object, ObjectReader top, Path folder) {
        whole &= object.whole();
        Defaults defaults =
                defaults(Defaults.NONE, object, top, new ReadContext(folder, environment));
        boolean hasFolders = top.has(FolderReader.DROP_INS) || top.has(FolderReader.SITES);
        boolean hasOthers = hasFolders || top.has(HttpReader.KEY);
        if (top.has("include")) {
            add(top, defaults, folder);
            top.oneOrMore("include").forEach(value -> include(value, defaults, folder));
        } else {
            if (!hasOthers) {
                if (!top.has(POOLS)) {
                    JsonValue _ =
                            top.required(PROCESSES, NOTHING + "there is no 'processes' or 'pools'");
                }
                reportEmpty(top, top.has(PROCESSES) ? PROCESSES : POOLS);
            }
            add(top, defaults, folder);
        }
        if (hasFolders) {
            ReadContext readContext = new ReadContext(folder, environment);
            pools.addAll(folders.read(top, defaults, readContext, names(), pools));
        }
    }

    /** One more process. */
    void add(ProcessEntry entry) {
        entries.add(entry);
    }

    /** All names that are given so far. */
    private Set<String> names() {
        Set<String> names = new HashSet<>();
        new Instances(entries, Map.of())
                .expanded()
                .forEach(process -> names.add(process.spec().id()));
        entries.forEach(process -> names.add(process.spec().id()));
        pools.forEach(pool -> names.add(pool.spec().id()));
        return names;
    }

    private void include(JsonValue value, Defaults defaults, Path folder) {
        switch (value) {
            case JsonValue.Text pattern -> include(pattern, false, defaults, folder);
            case JsonValue.Members object -> {
                ObjectReader reader = new ObjectReader(object, Keys.INCLUDE, problems);
                JsonValue path = reader.required("path", "an entry of 'include' has no 'path'");
                JsonValue.Text text = reader.asText(path, "path", "a path or a glob");
                boolean isFollowed = reader.flag(FOLLOW, false);
                if (text != null) {
                    include(text, isFollowed, defaults, folder);
                }
            }
            case JsonValue.Items _, JsonValue.Numeral _, JsonValue.Flag _, JsonValue.Nothing _ ->
                    problems.wrongKind("each entry of 'include'", "a path", value);
        }
    }

    /** Reports that neither key has an entry, at one that is there. */
    private void reportEmpty(ObjectReader top, String key) {
        if (hasNone(top, PROCESSES) && hasNone(top, POOLS) && top.has(key)) {
            problems.add(top.offset(key), NOTHING + "'" + key + "' is empty");
        }
    }

    private static boolean hasNone(ObjectReader top, String key) {
        return !top.has(key)
                || (top.value(key) instanceof JsonValue.Items items
                        && items.values().isEmpty()
                        && items.whole());
    }

    private void include(JsonValue.Text text, boolean isFollowed, Defaults defaults, Path folder) {
        if (!StringCheck.check("include", text, problems)) {
            return;
        }
        if (text.value().isEmpty()) {
            problems.add(text.offset(), "'include' is empty");
            return;
        }
        try {
            Path path = folder.resolve(BytePath.of(text.value()));
            include(text, path, isFollowed, defaults);
        } catch (IllegalArgumentException _) {
            // Only for an invalid pattern; a path may be any text.
            problems.badText("each entry of 'include'", "a path or a glob", text);
        }
    }

    private void include(JsonValue.Text text, Path path, boolean isFollowed, Defaults defaults) {
        Path name = path.getFileName();
        Path parent = path.getParent();
        if (parent != null && isPattern(parent.toString())) {
            problems.add(
                    text.offset(), "only the last part of a path in 'include' may have wildcards");
            return;
        }
        boolean isGlob = parent != null && name != null && isPattern(name.toString());
        if (isFollowed && !isGlob) {
            problems.add(
                    text.offset(),
                    "'follow' needs a pattern of file names, as in \"conf.d/*.json\"");
            return;
        }
        try {
            if (parent == null || name == null || !isGlob) {
                include(includeResolver.file(path), defaults);
            } else if (isFollowed) {
                List<FollowedFile> files = includeResolver.followed(parent, name.toString());
                folders.follow(parent, name.toString(), files);
                FollowedFit fit = new FollowedFit();
                // What is wrong between these is reported with them.
                fit.add(entries, pools, new Problems(sources, 1));
                files.forEach(file -> includeFollowed(text.offset(), file, fit, defaults));
            } else {
                for (Document document : includeResolver.matching(parent, name.toString())) {
                    include(document, defaults);
                }
            }
        } catch (IOException e) {
            problems.add(text.offset(), Problems.harmless(path + ": " + e.getMessage()));
        }
    }

    /** One of many files that come and go: a bad one is left out, or stays as it was. */
    private void includeFollowed(
            int offset, FollowedFile file, FollowedFit fit, Defaults defaults) {
        Optional<String> problem =
                switch (file) {
                    case FollowedFile.Read(Document document) -> added(document, fit, defaults);
                    case FollowedFile.Unreadable(_, String reason) -> Optional.of(reason);
                };
        problem.ifPresent(reason -> {
            if (!includeResolver.isForgiving()) {
                problems.add(offset, Problems.shown(file.path()) + ": " + reason);
            }
            folders.leave(file.path(), reason);
            includeResolver
                    .before(file.path())
                    .ifPresent(known -> {
                        var _ = added(known, fit, defaults);
                    });
        });
    }

    /** What is wrong with a file, if it is left out for that. */
    private Optional<String> added(Document document, FollowedFit fit, Defaults defaults) {
        if (!includeResolver.isForgiving()) {
            include(document, defaults);
            return Optional.empty();
        }
        if (paths.contains(document.path())) {
            return Optional.empty();
        }
        Problems own = new Problems(sources, 1);
        ProcessesReader alone =
                new ProcessesReader(sources, includeResolver, environment, own, folders);
        alone.include(document, defaults);
        if (own.isEmpty()) {
            fit.add(alone.entries, alone.pools, own);
        }
        if (!own.isEmpty()) {
            return Optional.of(own.inFileOrder().getFirst().toString());
        }
        add(alone);
        return Optional.empty();
    }

    private void add(ProcessesReader other) {
        entries.addAll(other.entries);
        pools.addAll(other.pools);
        included.addAll(other.included);
        paths.addAll(other.paths);
    }

    private static boolean isPattern(String text) {
        return text.chars().anyMatch(c -> WILDCARDS.indexOf(c) >= 0);
    }

    private void include(Document document, Defaults defaults) {
        if (!paths.add(document.path())) {
            return;
        }
        included.add(document);
        JsonValue tree = reader.read(document);
        if (tree == null) {
            whole = false;
            return;
        }
        if (!(Template.of(document).applied(tree) instanceof JsonValue.Members object)) {
            problems.wrongKind("an included file", "a process or an object with 'processes'", tree);
            return;
        }
        whole &= object.whole();
        Path folder = SpecReader.folder(BytePath.of(document.path()));
        Map<String, JsonValue.Member> members = object.members();
        ReadContext readContext = new ReadContext(folder, environment);
        boolean isList =
                members.containsKey(PROCESSES)
                        || members.containsKey(POOLS)
                        || members.containsKey("defaults");
        if (!isList && (members.containsKey("id") || members.containsKey("exec"))) {
            if (members.containsKey("listen")) {
                pools.add(new PoolReader(readContext, problems).read(object, defaults));
            } else {
                ProcessReader processes = new ProcessReader(readContext, problems);
                entries.add(processes.read(defaults.applied(object)));
            }
            return;
        }
        ObjectReader objectReader = new ObjectReader(object, Keys.INCLUDED, problems);
        objectReader.text("$schema");
        if (!members.containsKey(POOLS)) {
            JsonValue _ =
                    objectReader.required(
                            PROCESSES,
                            "an included file has 'processes' or 'pools', or is a process");
        }
        add(objectReader, defaults(defaults, object, objectReader, readContext), folder);
    }

    /** Their problems are reported once, not again for each process that they apply to. */
    private Defaults defaults(
            Defaults outer,
            JsonValue.Members object,
            ObjectReader objectReader,
            ReadContext readContext) {
        JsonValue.Members own = objectReader.object("defaults");
        if (own == null) {
            return outer;
        }
        int before = problems.count();
        new ObjectReader(own, Keys.DEFAULTS, problems);
        Map<String, JsonValue.Member> some = new HashMap<>(own.members());
        some.keySet().retainAll(Keys.DEFAULTS.known());
        some.put(
                "id",
                new JsonValue.Member(own.offset(), new JsonValue.Text(own.offset(), "defaults")));
        some.putIfAbsent(
                "exec", new JsonValue.Member(own.offset(), new JsonValue.Text(own.offset(), "-")));
        JsonValue.Members probe = new JsonValue.Members(own.offset(), some, own.whole());
        new ProcessReader(readContext, problems).read(probe);
        if (problems.count() > before) {
            problems.mute(own.offset(), end(object, own));
        }
        return outer.and(own);
    }

    /** The offset of the next key. */
    private static int end(JsonValue.Members object, JsonValue.Members own) {
        return object.members().values().stream()
                .mapToInt(JsonValue.Member::offset)
                .filter(at -> at > own.offset())
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    private void add(ObjectReader objectReader, Defaults defaults, Path folder) {
        ReadContext readContext = new ReadContext(folder, environment);
        ProcessReader processReader = new ProcessReader(readContext, problems);
        for (JsonValue.Members process : objectReader.objects(PROCESSES)) {
            entries.add(processReader.read(defaults.applied(process)));
        }
        if (objectReader.has(POOLS)) {
            PoolReader poolReader = new PoolReader(readContext, problems);
            for (JsonValue.Members pool : objectReader.objects(POOLS)) {
                pools.add(poolReader.read(pool, defaults));
            }
        }
    }

    /** What was read, for checks across entries. */
    Entries entries(Map<String, Integer> scale) {
        return new Entries(entries, pools, scale, problems);
    }

    /** Whether no file breaks off, so that absent names are really missing. */
    boolean isWhole() {
        return whole;
    }
}
