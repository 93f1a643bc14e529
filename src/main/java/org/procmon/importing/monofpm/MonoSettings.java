package org.procmon.importing.monofpm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.procmon.importing.draft.ImportAborted;
import org.procmon.importing.draft.ImportContext;
import org.procmon.importing.draft.Setting;
import org.procmon.importing.draft.SettingValues;
import org.procmon.importing.draft.SourceLocation;

/**
 * The settings of a file of mono-fpm; if one is given twice, the last.
 *
 * <p>Source: mono-fpm's README; {@code $(filename)}, {@code $(user)} and {@code $(group)} are
 * replaced in values by the name of the file and its owners.
 */
final class MonoSettings {
    private static final String SETTING = "Setting";

    /** The elements around settings and in them. */
    private static final Set<String> KNOWN =
            Set.of("Settings", SETTING, "Name", "Value", "Description", "MonoServer");

    private final Path path;
    private final ImportContext importContext;
    private final Map<String, Setting> settings = new LinkedHashMap<>();

    private MonoSettings(Path path, ImportContext importContext) {
        this.path = path;
        this.importContext = importContext;
    }

    static MonoSettings of(Path path, XmlElement root, ImportContext importContext)
            throws ImportAborted {
        MonoSettings settings = new MonoSettings(path, importContext);
        settings.read(root);
        if (settings.settings.isEmpty()) {
            throw ImportAborted.at(
                    new SourceLocation(path, 1), "there is no element 'Setting' with a name");
        }
        return settings;
    }

    private void read(XmlElement parent) throws ImportAborted {
        for (XmlElement element : parent.children()) {
            if (element.name().equals(SETTING)) {
                add(element);
            } else if (!KNOWN.contains(element.name())) {
                importContext
                        .notes()
                        .none(
                                new Setting(element.spot(), "", element.name(), ""),
                                "mono-fpm reads the elements 'Setting' only");
            }
            read(element);
        }
    }

    private void add(XmlElement element) throws ImportAborted {
        String name = value(element, "Name").strip();
        if (name.isEmpty()) {
            throw ImportAborted.at(element.spot(), "a setting has no name");
        }
        String value = replaced(value(element, "Value"));
        settings.put(name, new Setting(element.spot(), "", name, value.strip()));
    }

    /** An attribute, or else the text of the first element of this name in it. */
    private static String value(XmlElement element, String name) {
        String value = element.attributes().getOrDefault(name, "");
        for (XmlElement child : element.children()) {
            if (value.isEmpty() && child.name().equals(name)) {
                value = child.text().toString();
            }
        }
        return value;
    }

    private String replaced(String value) {
        if (!value.contains("$(")) {
            return value;
        }
        return value.replace("$(filename)", name(path))
                .replace("$(user)", owners(path).user())
                .replace("$(group)", owners(path).group());
    }

    /** The name of a file without what follows its last dot. */
    static String name(Path path) {
        String name = String.valueOf(path.getFileName());
        int dot = name.lastIndexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /** The owners of a file. */
    record Owners(String user, String group) {}

    /** The owners of a file; for a link, of the link itself with the option for that. */
    static Owners owners(Path path, LinkOption... options) {
        try {
            PosixFileAttributes attributes =
                    Files.readAttributes(path, PosixFileAttributes.class, options);
            return new Owners(attributes.owner().getName(), attributes.group().getName());
        } catch (IOException _) {
            return new Owners("", "");
        }
    }

    /** A setting; null if it is absent or empty. */
    @Nullable Setting of(String name) {
        Setting setting = settings.get(name);
        return setting == null || setting.value().isEmpty() ? null : setting;
    }

    String text(String name, String otherwise) {
        Setting setting = of(name);
        return setting == null ? otherwise : setting.value();
    }

    int whole(String name, int least, int most, int otherwise) throws ImportAborted {
        Setting setting = of(name);
        return setting == null ? otherwise : SettingValues.whole(setting, least, most);
    }

    boolean isTrue(String name) {
        return text(name, "false").equalsIgnoreCase("true");
    }

    Iterable<Setting> all() {
        return settings.values();
    }
}
