package org.procmon.system;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Has an error thrown in another platform thread of this JVM, as a debugger can. Source: the JNI
 * and JVMTI specifications; functions are known by their place in the tables.
 */
@SuppressWarnings("restricted")
final class ThreadKiller {
    private static final int JNI = 0x00010008;
    private static final int JVMTI = 0x30010200;
    private static final int CAN_SIGNAL_THREAD = 1 << 10;
    private static final int CAPABILITIES_SIZE = 16;
    private static final int THREAD_INFO_SIZE = 40;
    private static final int MOST_THREADS = 200;

    private final Arena arena = Arena.global();
    private final MemorySegment jni;
    private final MemorySegment jvmti;
    private final MethodHandle getAllThreads;
    private final MethodHandle getThreadInfo;
    private final MethodHandle stopThread;
    private final MethodHandle newGlobalRef;
    private final MethodHandle findClass;
    private final MethodHandle allocObject;

    private final MemorySegment type = arena.allocateFrom("java/lang/InternalError");
    private final MemorySegment number = arena.allocate(JAVA_INT);
    private final MemorySegment found = arena.allocate(ADDRESS);
    private final MemorySegment[] threads = new MemorySegment[MOST_THREADS];

    ThreadKiller() throws Throwable {
        MemorySegment machine = machine();
        jni = environment(machine, JNI);
        jvmti = environment(machine, JVMTI);
        findClass = function(jni, 6, FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
        newGlobalRef = function(jni, 21, FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
        allocObject = function(jni, 27, FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
        FunctionDescriptor two = FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
        getAllThreads = function(jvmti, 3, two);
        stopThread = function(jvmti, 6, two);
        getThreadInfo = function(jvmti, 8, two);
        MethodHandle addCapabilities =
                function(jvmti, 141, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
        MemorySegment wanted = arena.allocate(CAPABILITIES_SIZE);
        wanted.set(JAVA_INT, 0, CAN_SIGNAL_THREAD);
        check((int) addCapabilities.invokeExact(jvmti, wanted));
    }

    /** Throws it as soon as the threads of this name execute Java code. */
    void kill(String name) throws Throwable {
        // A local reference lasts until another native method is called, and what is done for the
        // first time calls some.
        MemorySegment _ = error();
        int _ = threads();
        MemorySegment error = error();
        int all = threads();
        int killed = 0;
        for (int i = 0; i < all; i++) {
            if (name(threads[i]).equals(name)) {
                check((int) stopThread.invokeExact(jvmti, threads[i], error));
                killed++;
            }
        }
        if (killed == 0) {
            throw new IllegalStateException("there is no thread of the name " + name);
        }
    }

    /** How many there are; references to them are in the array then. */
    private int threads() throws Throwable {
        check((int) getAllThreads.invokeExact(jvmti, number, found));
        int all = number.get(JAVA_INT, 0);
        MemorySegment first = found.get(ADDRESS, 0).reinterpret(all * ADDRESS.byteSize());
        for (int i = 0; i < all; i++) {
            MemorySegment thread = first.getAtIndex(ADDRESS, i);
            threads[i] = (MemorySegment) newGlobalRef.invokeExact(jni, thread);
        }
        return all;
    }

    private MemorySegment error() throws Throwable {
        MemorySegment found = (MemorySegment) findClass.invokeExact(jni, type);
        MemorySegment error = (MemorySegment) allocObject.invokeExact(jni, found);
        return (MemorySegment) newGlobalRef.invokeExact(jni, error);
    }

    private String name(MemorySegment thread) throws Throwable {
        MemorySegment info = arena.allocate(THREAD_INFO_SIZE, 8);
        check((int) getThreadInfo.invokeExact(jvmti, thread, info));
        return info.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0);
    }

    private MemorySegment machine() throws Throwable {
        Path library = Path.of(System.getProperty("java.home"), "lib/server/libjvm.so");
        MethodHandle machines =
                Linker.nativeLinker()
                        .downcallHandle(
                                SymbolLookup.libraryLookup(library, arena)
                                        .findOrThrow("JNI_GetCreatedJavaVMs"),
                                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS));
        check((int) machines.invokeExact(found, 1, number));
        return found.get(ADDRESS, 0).reinterpret(ADDRESS.byteSize());
    }

    private MemorySegment environment(MemorySegment machine, int version) throws Throwable {
        MethodHandle getEnv =
                function(machine, 6, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
        check((int) getEnv.invokeExact(machine, found, version));
        return found.get(ADDRESS, 0).reinterpret(ADDRESS.byteSize());
    }

    /** The first word of an environment is the address of the table of its functions. */
    private static MethodHandle function(
            MemorySegment environment, int number, FunctionDescriptor type) {
        MemorySegment table =
                environment.get(ADDRESS, 0).reinterpret((number + 1) * ADDRESS.byteSize());
        return Linker.nativeLinker().downcallHandle(table.getAtIndex(ADDRESS, number), type);
    }

    private static void check(int code) {
        if (code != 0) {
            throw new IllegalStateException("the JVM answers with " + code);
        }
    }
}
