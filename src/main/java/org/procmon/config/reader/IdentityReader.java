package org.procmon.config.reader;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.procmon.config.Capability;
import org.procmon.config.CpuSet;
import org.procmon.config.EnvFile;
import org.procmon.config.Identity;

/** Reads the user, the limits and the environment of a process. */
final class IdentityReader {
    private static final String UMASK = "a string of octal digits such as \"027\"";
    private static final String ENV_FILE =
            "a path, an object with 'path', 'optional' and 'public', or an array of these";
    private static final String CPUS =
            "the number of a CPU, or a list of numbers and ranges such as \"0-3,8\"";
    private static final int LARGEST_UMASK = 0777;
    private static final int FIRST = -20;
    private static final int LAST = 19;

    private final PathReader paths;
    private final AccountReader accounts;
    private final Problems problems;

    IdentityReader(PathReader paths, Problems problems) {
        this.paths = paths;
        this.accounts = new AccountReader(problems);
        this.problems = problems;
    }

    Identity read(ObjectReader process) {
        for (String key : Keys.IDENTITY) {
            if (process.has(key)) {
                Identity identity = readKeys(process);
                return identity.equals(Identity.DEFAULT) ? Identity.DEFAULT : identity;
            }
        }
        return Identity.DEFAULT;
    }

    private Identity readKeys(ObjectReader process) {
        return new Identity(
                accounts.read(process.value("user"), "'user'", AccountReader.USER),
                accounts.read(process.value("group"), "'group'", AccountReader.GROUP),
                groups(process),
                umask(process),
                paths.read(process, "chroot"),
                nice(process),
                cpus(process),
                process.flag("no_new_privs", false),
                capabilities(process),
                new LimitsReader(problems).read(process),
                envFiles(process),
                process.flag("clear_env", false));
    }

    private Optional<List<String>> groups(ObjectReader process) {
        if (process.value("groups") == null) {
            return Optional.empty();
        }
        List<String> groups = new ArrayList<>();
        for (JsonValue jsonValue : process.items("groups", "an array of groups and gids")) {
            accounts.read(jsonValue, "each entry of 'groups'", AccountReader.GROUP)
                    .ifPresent(groups::add);
        }
        return Optional.of(groups);
    }

    private OptionalInt umask(ObjectReader process) {
        JsonValue jsonValue = process.value("umask");
        if (jsonValue instanceof JsonValue.Text text) {
            OptionalInt mask = octal(text.value());
            if (mask.isEmpty()) {
                problems.badText("'umask'", UMASK, text);
            }
            return mask;
        }
        if (jsonValue instanceof JsonValue.Numeral numeral && octal(numeral.text()).isPresent()) {
            problems.add(
                    jsonValue.offset(),
                    "'umask' must be "
                            + UMASK
                            + ", found a number: write \""
                            + numeral.text()
                            + "\" if these are octal digits");
        } else if (jsonValue != null) {
            problems.wrongKind("'umask'", UMASK, jsonValue);
        }
        return OptionalInt.empty();
    }

    private static OptionalInt octal(String digits) {
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 7 || number > LARGEST_UMASK) {
                return OptionalInt.empty();
            }
            number = number * 8 + digit;
        }
        return digits.isEmpty() || number > LARGEST_UMASK
                ? OptionalInt.empty()
                : OptionalInt.of(number);
    }

    private OptionalInt nice(ObjectReader process) {
        int none = LAST + 1;
        int nice = process.count("nice", FIRST, LAST, none);
        return nice == none ? OptionalInt.empty() : OptionalInt.of(nice);
    }

    private Optional<CpuSet> cpus(ObjectReader process) {
        JsonValue jsonValue = process.value("cpus");
        if (jsonValue == null) {
            return Optional.empty();
        }
        String given =
                switch (jsonValue) {
                    case JsonValue.Text text -> text.value();
                    case JsonValue.Numeral numeral -> numeral.text();
                    case JsonValue.Members _,
                            JsonValue.Items _,
                            JsonValue.Flag _,
                            JsonValue.Nothing _ -> {
                        problems.wrongKind("'cpus'", CPUS, jsonValue);
                        yield "";
                    }
                };
        Optional<CpuSet> cpus = CpuSet.parse(given);
        if (cpus.isEmpty() && jsonValue instanceof JsonValue.Text text) {
            problems.badText("'cpus'", CPUS, text);
        } else if (cpus.isEmpty() && jsonValue instanceof JsonValue.Numeral) {
            problems.add(jsonValue.offset(), "'cpus' must be " + CPUS);
        }
        return cpus;
    }

    private Optional<List<Capability>> capabilities(ObjectReader process) {
        if (process.value("capabilities") == null) {
            return Optional.empty();
        }
        String what = "each entry of 'capabilities'";
        String expected = "the name of a capability such as \"net_bind_service\"";
        List<Capability> kept = new ArrayList<>();
        for (JsonValue jsonValue :
                process.items("capabilities", "an array of names of capabilities")) {
            if (!(jsonValue instanceof JsonValue.Text text)) {
                problems.wrongKind(what, expected, jsonValue);
                continue;
            }
            Optional<Capability> capability = Capability.parse(text.value());
            if (capability.isEmpty()) {
                problems.add(text.offset(), () -> unknownCapability(what, text.value()));
            } else if (!kept.contains(capability.get())) {
                kept.add(capability.get());
            }
        }
        return Optional.of(kept);
    }

    private static String unknownCapability(String what, String name) {
        List<String> words = new ArrayList<>();
        for (Capability capability : Capability.values()) {
            words.add(capability.word());
        }
        return what
                + " must name a capability, found '"
                + Problems.shown(name)
                + "'"
                + Suggestion.forWord(Capability.bare(name), words);
    }

    private List<EnvFile> envFiles(ObjectReader process) {
        List<EnvFile> files = new ArrayList<>();
        for (JsonValue jsonValue : process.oneOrMore("env_file")) {
            switch (jsonValue) {
                case JsonValue.Text text -> {
                    boolean optional = text.value().startsWith("-");
                    paths.resolve("env_file", text, optional ? 1 : 0)
                            .ifPresent(path -> files.add(new EnvFile(path, optional)));
                }
                case JsonValue.Members object -> {
                    ObjectReader file = new ObjectReader(object, Keys.ENV_FILE, problems);
                    file.required("path", "'env_file' has no 'path'");
                    boolean optional = file.flag("optional", false);
                    boolean isPublic = file.flag("public", false);
                    boolean overrides = file.flag("override", false);
                    boolean ofSystemd = isOfSystemd(file);
                    boolean ofProgram = file.flag("of_program", false);
                    paths.read(file, "path")
                            .ifPresent(path ->
                                    files.add(
                                            new EnvFile(
                                                    path, optional, isPublic, overrides, ofSystemd,
                                                    ofProgram)));
                }
                case JsonValue.Numeral _,
                        JsonValue.Flag _,
                        JsonValue.Nothing _,
                        JsonValue.Items _ ->
                        problems.wrongKind("'env_file'", ENV_FILE, jsonValue);
            }
        }
        return files;
    }

    private boolean isOfSystemd(ObjectReader file) {
        JsonValue.Text syntax = file.text("syntax");
        if (syntax == null || syntax.value().equals("plain")) {
            return false;
        }
        if (!syntax.value().equals("systemd")) {
            problems.badText("'syntax'", "\"plain\" or \"systemd\"", syntax);
        }
        return true;
    }
}
