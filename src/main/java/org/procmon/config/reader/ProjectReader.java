package org.procmon.config.reader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.procmon.config.Document;
import org.procmon.config.Problem;

/**
 * Reads the files of a project to one configuration, as {@code procmon up} does: the later files
 * over the earlier ones, variables in all strings replaced, processes of other profiles left out.
 * Problems name the files that they are in.
 */
public final class ProjectReader {
    private static final String PROFILES = "profiles";
    private static final String ID = "id";

    /** The arrays that are merged entry by entry. */
    private static final Set<String> BY_ID = Set.of("processes", "pools");

    private final Sources sources = new Sources();
    private final Problems problems = new Problems(sources, SpecReader.MOST_PROBLEMS);
    private final Map<String, String> variables;
    private final Set<String> profiles;

    private ProjectReader(Map<String, String> variables, Set<String> profiles) {
        this.variables = variables;
        this.profiles = profiles;
    }

    /** What came of it. */
    public sealed interface Project {
        /**
         * One configuration.
         *
         * @param json its text
         * @param isAsWritten whether the first file alone says the same
         */
        record Merged(String json, boolean isAsWritten) implements Project {}

        /** The problems, in the order of the files. */
        record Invalid(List<Problem> problems) implements Project {
            public Invalid {
                problems = List.copyOf(problems);
            }
        }
    }

    /**
     * Reads and merges.
     *
     * @param files at least one; relative paths in all of them are resolved against the directory
     *     of the first
     * @param variables for {@code ${NAME}} in strings
     * @param profiles those that are wanted
     */
    public static Project read(
            List<Path> files, Map<String, String> variables, Set<String> profiles) {
        return new ProjectReader(variables, profiles).read(files);
    }

    private Project read(List<Path> files) {
        JsonValue merged = null;
        for (Path file : files) {
            JsonValue tree;
            try {
                Document document = new Document(file.toString(), "", "", SpecReader.bytes(file));
                tree = new DocumentReader(sources, problems).read(document);
            } catch (IOException e) {
                return new Project.Invalid(
                        List.of(
                                new Problem(
                                        file.toString(), 1, 1, String.valueOf(e.getMessage()))));
            }
            if (tree != null) {
                merged = merged == null ? tree : merged(merged, tree, "");
            }
        }
        if (merged == null || !problems.isEmpty()) {
            return new Project.Invalid(problems.inFileOrder());
        }
        JsonValue whole = expanded(withoutOthers(merged));
        if (problems.isEmpty()) {
            check(whole, files.getFirst());
        }
        if (!problems.isEmpty()) {
            return new Project.Invalid(problems.inFileOrder());
        }
        String json = JsonText.of(whole);
        boolean isAsWritten = files.size() == 1 && JsonText.of(merged).equals(json);
        return new Project.Merged(json, isAsWritten);
    }

    /** Finds the problems while the places in the files are known. */
    private void check(JsonValue whole, Path first) {
        IncludeResolver disk = IncludeResolver.disk();
        Folders folders = new Folders(disk, sources, problems);
        ProcessesReader processes =
                new ProcessesReader(sources, disk, variables, problems, folders);
        ReadContext context = new ReadContext(SpecReader.folder(first), variables);
        var _ =
                new MonitorSpecReader(context, problems, processes, folders, Groups.NOW)
                        .read(whole, Map.of());
    }

    /** Objects key by key; processes and pools by their ids; all else is replaced. */
    private static JsonValue merged(JsonValue below, JsonValue above, String key) {
        if (below instanceof JsonValue.Members first && above instanceof JsonValue.Members second) {
            Map<String, JsonValue.Member> members = new LinkedHashMap<>(first.members());
            second.members()
                    .forEach((name, member) ->
                            members.merge(
                                    name,
                                    member,
                                    (before, after) ->
                                            new JsonValue.Member(
                                                    after.offset(),
                                                    merged(before.value(), after.value(), name))));
            return new JsonValue.Members(second.offset(), members, first.whole() && second.whole());
        }
        if (BY_ID.contains(key)
                && below instanceof JsonValue.Items first
                && above instanceof JsonValue.Items second) {
            return new JsonValue.Items(
                    second.offset(), byId(first, second), first.whole() && second.whole());
        }
        return above;
    }

    private static List<JsonValue> byId(JsonValue.Items below, JsonValue.Items above) {
        List<JsonValue> all = new ArrayList<>(below.values());
        for (JsonValue entry : above.values()) {
            Optional<String> id = id(entry);
            int at = -1;
            for (int i = 0; i < below.values().size() && id.isPresent(); i++) {
                if (id(below.values().get(i)).equals(id)) {
                    at = i;
                }
            }
            if (at < 0) {
                all.add(entry);
            } else {
                all.set(at, merged(all.get(at), entry, ""));
            }
        }
        return all;
    }

    private static Optional<String> id(JsonValue entry) {
        return entry instanceof JsonValue.Members object
                        && object.members().containsKey(ID)
                        && object.members().get(ID).value() instanceof JsonValue.Text text
                ? Optional.of(text.value())
                : Optional.empty();
    }

    /** Without the processes and pools of profiles that are not wanted, and without that key. */
    private JsonValue withoutOthers(JsonValue whole) {
        if (!(whole instanceof JsonValue.Members top)) {
            return whole;
        }
        Map<String, JsonValue.Member> members = new LinkedHashMap<>(top.members());
        for (String key : BY_ID) {
            JsonValue.Member member = members.get(key);
            if (member != null && member.value() instanceof JsonValue.Items items) {
                List<JsonValue> kept = new ArrayList<>();
                items.values().forEach(entry -> wanted(entry).ifPresent(kept::add));
                members.put(
                        key,
                        new JsonValue.Member(
                                member.offset(),
                                new JsonValue.Items(items.offset(), kept, items.whole())));
            }
        }
        return new JsonValue.Members(top.offset(), members, top.whole());
    }

    private Optional<JsonValue> wanted(JsonValue entry) {
        if (!(entry instanceof JsonValue.Members object)) {
            return Optional.of(entry);
        }
        JsonValue.Member member = object.members().get(PROFILES);
        if (member == null) {
            return Optional.of(entry);
        }
        boolean isWanted = false;
        List<JsonValue> names =
                member.value() instanceof JsonValue.Items items
                        ? items.values()
                        : List.of(member.value());
        for (JsonValue name : names) {
            if (name instanceof JsonValue.Text text) {
                isWanted |= profiles.contains(text.value());
            } else {
                problems.wrongKind("'profiles'", "a name or an array of names", name);
            }
        }
        Map<String, JsonValue.Member> others = new LinkedHashMap<>(object.members());
        others.remove(PROFILES);
        return isWanted
                ? Optional.of(new JsonValue.Members(object.offset(), others, object.whole()))
                : Optional.empty();
    }

    private JsonValue expanded(JsonValue value) {
        return switch (value) {
            case JsonValue.Text text -> expanded(text);
            case JsonValue.Items items ->
                    new JsonValue.Items(
                            items.offset(),
                            items.values().stream().map(this::expanded).toList(),
                            items.whole());
            case JsonValue.Members object -> {
                Map<String, JsonValue.Member> members = new LinkedHashMap<>();
                object.members()
                        .forEach((key, member) ->
                                members.put(
                                        key,
                                        new JsonValue.Member(
                                                member.offset(), expanded(member.value()))));
                yield new JsonValue.Members(object.offset(), members, object.whole());
            }
            case JsonValue.Numeral _, JsonValue.Flag _, JsonValue.Nothing _ -> value;
        };
    }

    private JsonValue expanded(JsonValue.Text text) {
        try {
            String other = VariableText.expanded(text.value(), variables);
            return other.equals(text.value()) ? text : new JsonValue.Text(text.offset(), other);
        } catch (VariableText.Missing e) {
            problems.add(text.offset(), e.reason());
            return text;
        }
    }
}
