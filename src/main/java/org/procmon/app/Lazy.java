package org.procmon.app;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An object that is made once, when it is first needed. Any thread. */
final class Lazy<T> implements Supplier<T> {
    private final Supplier<T> maker;
    private @Nullable T made;

    Lazy(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public synchronized T get() {
        T known = made;
        if (known == null) {
            known = maker.get();
            made = known;
        }
        return known;
    }
}
