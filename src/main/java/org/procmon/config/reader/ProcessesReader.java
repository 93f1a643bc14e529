package org.procmon.config.reader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.bytes.BytePath;
import org.procmon.config.Document;
import org.procmon.config.Instance;
import org.procmon.config.ProcessSpec;

/** Reads the processes of all files of a configuration, and checks them against each other. */
final class ProcessesReader {
    private static final String NOTHING = "nothing to supervise: ";
    private static final String WILDCARDS = "*?[{";

    private final DocumentReader reader;
    private final IncludeResolver includeResolver;
    private final Map<String, String> environment;
    private final Problems problems;
    private final List<ProcessEntry> entries = new ArrayList<>();
    private final List<Document> included = new ArrayList<>();
    private final Set<String> paths = new HashSet<>();

    /** Whether no file breaks off, so that absent names are really missing. */
    private boolean whole = true;

    ProcessesReader(
            DocumentReader reader,
            IncludeResolver includeResolver,
            Map<String, String> environment,
            Problems problems) {
        this.reader = reader;
        this.includeResolver = includeResolver;
        this.environment = environment;
        this.problems = problems;
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
        if (top.has("include")) {
            add(top.value("processes"), defaults, folder);
            for (JsonValue jsonValue : top.oneOrMore("include")) {
                if (jsonValue instanceof JsonValue.Text pattern) {
                    include(pattern, defaults, folder);
                } else {
                    problems.wrongKind("each entry of 'include'", "a path", jsonValue);
                }
            }
            return;
        }
        JsonValue own = top.required("processes", NOTHING + "there is no 'processes'");
        if (own instanceof JsonValue.Items items && items.values().isEmpty() && items.whole()) {
            problems.add(items.offset(), NOTHING + "'processes' is empty");
        }
        add(own, defaults, folder);
    }

    private void include(JsonValue.Text text, Defaults defaults, Path folder) {
        if (!StringCheck.check("include", text, problems)) {
            return;
        }
        if (text.value().isEmpty()) {
            problems.add(text.offset(), "'include' is empty");
            return;
        }
        try {
            include(text, folder.resolve(BytePath.of(text.value())), defaults);
        } catch (IllegalArgumentException _) {
            // Only for an invalid pattern; a path may be any text.
            problems.badText("each entry of 'include'", "a path or a glob", text);
        }
    }

    private void include(JsonValue.Text text, Path path, Defaults defaults) {
        Path name = path.getFileName();
        Path parent = path.getParent();
        if (parent != null && isPattern(parent.toString())) {
            problems.add(
                    text.offset(), "only the last part of a path in 'include' may have wildcards");
            return;
        }
        try {
            List<Document> documents =
                    parent != null && name != null && isPattern(name.toString())
                            ? includeResolver.matching(parent, name.toString())
                            : List.of(includeResolver.file(path));
            for (Document document : documents) {
                include(document, defaults);
            }
        } catch (IOException e) {
            problems.add(text.offset(), Problems.harmless(path + ": " + e.getMessage()));
        }
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
        if (!(new Template(document).applied(tree) instanceof JsonValue.Members object)) {
            problems.wrongKind("an included file", "a process or an object with 'processes'", tree);
            return;
        }
        whole &= object.whole();
        Path folder = SpecReader.folder(BytePath.of(document.path()));
        Map<String, JsonValue.Member> members = object.members();
        boolean isList = members.containsKey("processes") || members.containsKey("defaults");
        if (!isList && (members.containsKey("id") || members.containsKey("exec"))) {
            entries.add(processes(folder).read(defaults.applied(object)));
            return;
        }
        ObjectReader objectReader = new ObjectReader(object, Keys.INCLUDED, problems);
        objectReader.text("$schema");
        ReadContext readContext = new ReadContext(folder, environment);
        JsonValue processes =
                objectReader.required(
                        "processes", "an included file has 'processes', or is a process");
        add(processes, defaults(defaults, object, objectReader, readContext), folder);
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

    private void add(@Nullable JsonValue node, Defaults defaults, Path folder) {
        if (node == null) {
            return;
        }
        if (!(node instanceof JsonValue.Items items)) {
            problems.wrongKind("'processes'", "an array", node);
            return;
        }
        ProcessReader processes = processes(folder);
        for (JsonValue value : items.values()) {
            if (value instanceof JsonValue.Members process) {
                entries.add(processes.read(defaults.applied(process)));
            } else {
                problems.wrongKind("each entry of 'processes'", "an object", value);
            }
        }
    }

    private ProcessReader processes(Path folder) {
        return new ProcessReader(new ReadContext(folder, environment), problems);
    }

    /**
     * All processes, checked.
     *
     * @param scale numbers of instances that replace those of the files
     */
    List<ProcessSpec> checked(Map<String, Integer> scale) {
        Instances instances = new Instances(entries, scale);
        reportSharedNames(instances);
        List<ProcessEntry> all = instances.expanded();
        reportSharedFiles(all);
        DependencyCheck dependencies = new DependencyCheck(all, problems);
        if (whole) {
            dependencies.reportUnknownNames();
        }
        dependencies.reportNeverMet();
        dependencies.reportCycles();
        List<ProcessSpec> specs = new ArrayList<>();
        for (ProcessEntry processEntry : all) {
            specs.add(processEntry.spec());
        }
        return specs;
    }

    /** Records the place of each process, once all are read. */
    void locate(Locations locations, Map<String, Integer> scale) {
        for (ProcessEntry processEntry : new Instances(entries, scale).expanded()) {
            locations.add(processEntry.spec().id(), processEntry.source());
        }
    }

    /** The ids of the entries that have a number of instances. */
    Set<String> scalable() {
        Set<String> ids = new HashSet<>();
        for (ProcessEntry processEntry : entries) {
            if (processEntry.instances().isPresent()) {
                ids.add(processEntry.spec().id());
            }
        }
        return ids;
    }

    private void reportSharedNames(Instances instances) {
        Map<String, Integer> firstOffsets = new HashMap<>();
        for (ProcessEntry processEntry : entries) {
            if (processEntry.isNamed()) {
                reportSharedName(processEntry.spec().id(), processEntry.idOffset(), firstOffsets);
                for (Instance instance : instances.of(processEntry)) {
                    reportSharedName(instance.id(), processEntry.idOffset(), firstOffsets);
                }
            }
        }
    }

    private void reportSharedName(String id, int offset, Map<String, Integer> firstOffsets) {
        Integer first = firstOffsets.putIfAbsent(id, offset);
        if (first != null) {
            problems.add(
                    offset,
                    () ->
                            "id '"
                                    + Problems.shown(id)
                                    + "' was already given in "
                                    + problems.where(first, offset));
        }
    }

    /** Two streams in one file would each rotate it while the other writes. */
    private void reportSharedFiles(List<ProcessEntry> all) {
        Map<Path, Named> firstStreams = new HashMap<>();
        for (ProcessEntry processEntry : all) {
            for (ProcessEntry.LogFile file : processEntry.files()) {
                String stream =
                        "'"
                                + file.stream()
                                + "' of '"
                                + Problems.shown(processEntry.spec().id())
                                + "'";
                Named first =
                        firstStreams.putIfAbsent(
                                file.path().normalize(), new Named(stream, file.offset()));
                if (first != null) {
                    problems.add(
                            file.offset(),
                            () ->
                                    stream
                                            + " has the same file as "
                                            + first.stream()
                                            + " in "
                                            + problems.where(first.offset(), file.offset()));
                }
            }
        }
    }

    private record Named(String stream, int offset) {}
}
