import java.io.IOException;
import java.io.Serializable;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.InnerClassInfo;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.reflect.AccessFlag;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the class files of one source say to the compiler of another. Names are those of classes as they are in class
 * files, up to the first {@code $}.
 *
 * @param names of its classes
 * @param parents what they extend and implement
 * @param mentioned all of this project that stands anywhere in the files
 * @param visible a digest of what is not private
 * @param constants a digest of the constants among that
 */
record ClassFacts(Set<String> names, Set<String> parents, Set<String> mentioned, String visible, String constants)
        implements Serializable {
    static final ClassFacts NONE = new ClassFacts(Set.of(), Set.of(), Set.of(), digest("[]"), digest("[]"));

    private static final Pattern NAME = Pattern.compile("org/procmon/[\\w/]+");

    static ClassFacts of(Set<String> files) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        TreeSet<String> parents = new TreeSet<>();
        TreeSet<String> mentioned = new TreeSet<>();
        TreeSet<String> visible = new TreeSet<>();
        TreeSet<String> constants = new TreeSet<>();
        for (String file : files) {
            byte[] bytes = Files.readAllBytes(Path.of(file));
            // Names are ASCII, in descriptors, signatures and annotations as well.
            NAME.matcher(new String(bytes, StandardCharsets.ISO_8859_1))
                    .results()
                    .forEach(name -> mentioned.add(name.group()));
            ClassModel model = ClassFile.of().parse(bytes);
            String name = outermost(model.thisClass());
            names.add(name);
            model.superclass().ifPresent(parent -> parents.add(outermost(parent)));
            model.interfaces().forEach(parent -> parents.add(outermost(parent)));
            if (isVisible(model)) {
                see(model, visible, constants);
            }
        }
        return new ClassFacts(names, parents, mentioned, digest(visible.toString()), digest(constants.toString()));
    }

    boolean mentions(Set<String> classes) {
        return !Collections.disjoint(mentioned, classes);
    }

    boolean extendsAny(Set<String> classes) {
        return !Collections.disjoint(parents, classes);
    }

    static String digest(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String outermost(ClassEntry entry) {
        return entry.asInternalName().split("\\$", 2)[0];
    }

    /** Neither private nor within a method. */
    private static boolean isVisible(ClassModel model) {
        return model.findAttribute(Attributes.enclosingMethod()).isEmpty()
                && inner(model).noneMatch(inner -> inner.has(AccessFlag.PRIVATE));
    }

    private static Stream<InnerClassInfo> inner(ClassModel model) {
        return model.findAttribute(Attributes.innerClasses()).stream()
                .flatMap(inner -> inner.classes().stream())
                .filter(inner -> inner.innerClass().equals(model.thisClass()));
    }

    private static void see(ClassModel model, Set<String> visible, Set<String> constants) {
        String name = model.thisClass().asInternalName();
        StringBuilder about = new StringBuilder(name).append(' ').append(model.flags().flagsMask());
        inner(model).forEach(inner -> about.append(' ').append(inner.flagsMask()));
        about.append(' ').append(model.superclass()).append(model.interfaces());
        model.findAttribute(Attributes.signature()).ifPresent(s -> about.append(s.signature()));
        model.findAttribute(Attributes.permittedSubclasses()).ifPresent(p -> about.append(p.permittedSubclasses()));
        visible.add(about.toString());
        for (FieldModel field : model.fields()) {
            if (!field.flags().has(AccessFlag.PRIVATE)) {
                String text = name + " " + field.flags().flagsMask() + " " + field.fieldName() + field.fieldType();
                visible.add(text + field.findAttribute(Attributes.signature()).map(s -> s.signature()));
                field.findAttribute(Attributes.constantValue())
                        .ifPresent(value -> constants.add(text + value.constant()));
            }
        }
        for (MethodModel method : model.methods()) {
            if (!method.flags().has(AccessFlag.PRIVATE) && !method.flags().has(AccessFlag.SYNTHETIC)) {
                visible.add(
                        name
                                + " "
                                + method.flags().flagsMask()
                                + " "
                                + method.methodName()
                                + method.methodType()
                                + method.findAttribute(Attributes.signature()).map(s -> s.signature())
                                + method.findAttribute(Attributes.exceptions()).map(e -> e.exceptions()));
            }
        }
    }
}
