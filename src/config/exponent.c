#include "config/exponent.h"

#include "mbus/vif.h"

static double power_of_ten(int exponent)
{
    double power = 1;
    for (int i = exponent; i != 0; i += i < 0 ? 1 : -1)
        power *= 10;
    return exponent < 0 ? 1 / power : power;
}

int exponent_of(double value, bool *ret_exact)
{
    int nearest = 0;
    double nearest_ratio = 0;

    *ret_exact = false;
    if (!(value > 0))
        return 0;
    for (int e = -EXPONENT_MAX; e <= EXPONENT_MAX; e++) {
        double power = power_of_ten(e);
        double ratio = value > power ? value / power : power / value;
        if (nearest_ratio > 0 && ratio >= nearest_ratio)
            continue;
        nearest = e;
        nearest_ratio = ratio;
    }
    *ret_exact = nearest_ratio - 1 <= 1e-9;
    return nearest;
}

static const char *text_of(const struct node *record, const char *name)
{
    const struct node *node = node_member(record, name);
    return node && node->kind == NODE_STRING ? node->string : NULL;
}

int exponent_that_works(const struct node *record, int wanted)
{
    if (!record)
        return wanted;
    const char *name = text_of(record, "unit");
    const struct vif_unit *unit = name ? vif_unit_find(name) : NULL;
    struct vif_choice choice = { 0 };
    if (vif_choose(text_of(record, "quantity"), unit, wanted, &choice) == VIF_NO_EXPONENT)
        return choice.exponent - (unit ? unit->exponent : 0);
    return wanted;
}
